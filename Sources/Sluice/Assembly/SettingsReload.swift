import Foundation
import JobFlow
import Logging
import ServiceLifecycle
import Settings
import UnixSignals

/// Reads worker.json again when it has changed, or when a SIGHUP asks for it, and hands it to whoever can change while it
/// runs. A file that is not valid changes nothing.
struct SettingsReload: Service {
    /// How often the file is looked at.
    private static let period = Duration.seconds(1)

    let file: String
    let current: Live
    let load: @Sendable () async throws -> Settings
    let apply: @Sendable (Settings) async -> Void
    let logger: Logger

    typealias Live = JobFlow.Live<Settings>

    func run() async throws {
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                let (asked, ask) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                group.addTask { for await _ in hangups { ask.yield() } }
                group.addTask { await watch { ask.yield() } }
                for await _ in asked { await reload() }
                group.cancelAll()
            }
        }
    }

    private func watch(_ changed: () -> Void) async {
        var seen = FileStamp(file)
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.period)
            let now = FileStamp(file)
            // One that is being replaced is not there for a moment.
            guard now != seen, now != nil else { continue }
            seen = now
            changed()
        }
    }

    private func reload() async {
        let new: Settings
        do { new = try await load() } catch {
            return logger.error(
                "worker.json is refused, the settings stay as they are", metadata: ["error": "\(error)"])
        }
        let change = SettingsChange(from: current.current, to: new)
        guard !change.keys.isEmpty else { return logger.info("worker.json was read again; nothing has changed") }
        await apply(new)
        current.current = new
        logger.notice("settings were changed", metadata: ["keys": "\(change.keys.joined(separator: ", "))"])
        let waiting = change.needingRestart
        if !waiting.isEmpty {
            logger.warning(
                "some changes need a restart", metadata: ["keys": "\(waiting.joined(separator: ", "))"])
        }
    }
}

/// Tells one state of a file from another. Follows links: Kubernetes changes a mounted file by another link.
private struct FileStamp: Equatable {
    private let modified: Date
    private let size: Int
    private let number: Int

    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        modified = attributes[.modificationDate] as? Date ?? .distantPast
        size = attributes[.size] as? Int ?? 0
        number = attributes[.systemFileNumber] as? Int ?? 0
    }
}
