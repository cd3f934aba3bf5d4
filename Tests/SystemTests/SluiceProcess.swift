import Foundation
import Synchronization

/// The real program (or another, such as redis-server) as a child process, with its output in a file.
final class SluiceProcess: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Built beside the tests by `swift build --build-tests`.
    static let binary = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent(".build/debug/sluice").path

    let log: URL
    let pid: pid_t
    private let ended: AsyncStream<Int32>

    init(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], log name: String = "sluice.log",
        executable: String = SluiceProcess.binary
    ) throws {
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw Failure(description: "\(executable) is missing: run swift build first, or install it")
        }
        log = folder.appendingPathComponent(name)
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"].merging(
            environment
        ) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        ended = stream
        process.terminationHandler = { process in
            let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
            continuation.yield(code)
            continuation.finish()
        }
        try process.run()
        pid = process.processIdentifier
    }

    func signal(_ signal: Int32) { kill(pid, signal) }

    /// The exit code, or minus the signal that ended it. To be asked once.
    func exit(within limit: Duration = .seconds(60)) async throws -> Int32 {
        try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask { [ended] in
                for await code in ended { return code }
                throw CancellationError()
            }
            group.addTask { [log] in
                try await Task.sleep(for: limit)
                throw Failure(description: "the program did not end within \(limit); log: \(Self.tail(log))")
            }
            defer { group.cancelAll() }
            guard let code = try await group.next() else { throw CancellationError() }
            return code
        }
    }

    /// Log lines, parsed.
    var lines: [[String: String]] {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?.compactMapValues { $0 as? String }
        }
    }

    var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// The address that a server of this role named in the log.
    func addresses(_ role: String) -> [String] {
        lines.filter { $0["logger"] == "sluice.\(role)" && $0["message"] == "listening" }.compactMap { $0["address"] }
    }

    private static func tail(_ log: URL) -> String {
        String(((try? String(contentsOf: log, encoding: .utf8)) ?? "").suffix(3000))
    }
}

/// Waits until a condition holds; fails with what it was about when it never does.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw SluiceProcess.Failure(description: "never came true: \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// A folder of its own for one test, removed afterwards.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sluice-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
