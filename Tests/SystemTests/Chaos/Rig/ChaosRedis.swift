import Foundation
import Synchronization

/// A redis-server that is killed and started again on the same files.
final class ChaosRedis: Sendable {
    let port: Int
    private let folder: URL
    private let lives = Mutex<(count: Int, running: SluiceProcess?)>((0, nil))

    init(port: Int, folder: URL) throws {
        self.port = port
        self.folder = folder
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    }

    /// Returns when it answers, its files read.
    func start() async throws {
        let life = lives.withLock { lives in
            lives.count += 1
            return lives.count
        }
        let server = try SluiceProcess(
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--dir", files.path, "--save", "", "--appendonly", "yes",
                "--appendfsync", "everysec", "--aof-timestamp-enabled", "yes", "--maxmemory-policy", "noeviction",
            ], in: folder, log: "redis-\(life).log", executable: "/usr/bin/redis-server")
        lives.withLock { $0.running = server }
        try await eventually("redis answers") { try await ask("PING") == "PONG" }
    }

    /// By SIGKILL. Nothing if it does not run.
    func kill() async throws {
        let server = lives.withLock { lives in
            defer { lives.running = nil }
            return lives.running
        }
        guard let server else { return }
        server.signal(SIGKILL)
        _ = try await server.exit()
    }

    var isRunning: Bool { lives.withLock { $0.running != nil } }

    /// What redis-cli prints for a command, sent past the proxy.
    func ask(_ words: String...) async throws -> String {
        let client = try SluiceProcess(
            ["-h", "127.0.0.1", "-p", "\(port)"] + words, in: folder, log: "redis-cli-\(UUID().uuidString).log",
            executable: "/usr/bin/redis-cli")
        defer { try? FileManager.default.removeItem(at: client.log) }
        _ = try await client.exit()
        return client.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The file that takes the newest commands.
    func appendOnlyFile() throws -> URL {
        let folder = files.appendingPathComponent("appendonlydir")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let newest = names.filter { $0.hasSuffix(".incr.aof") }
            .max { $0.compare($1, options: .numeric) == .orderedAscending }
        guard let newest else { throw SluiceProcess.Failure(description: "\(folder.path) holds no append-only file") }
        return folder.appendingPathComponent(newest)
    }

    private var files: URL { folder.appendingPathComponent("redis") }
}
