import Foundation
import JobFlow
import Logging
import NIOPosix
package import Redis
import Synchronization
import TestKit

/// A redis-server of our own: a free port, a private folder, nothing on disk.
package final class RedisServer: Sendable {
    package let port: Int
    private let process = Mutex<Int32>(0)
    private let options: [String]
    private let clock: ServerClock?
    private let folder: URL

    package var url: String { "redis://127.0.0.1:\(port)/0" }

    /// Starts a server and stops it when `body` is done. Its time is that of `clock`, or the system's.
    package static func run<Value>(
        _ options: [String] = [], clock: ServerClock? = nil, _ body: (RedisServer) async throws -> Value
    ) async throws -> Value {
        let server = try await start(options, clock)
        defer { server.stop() }
        return try await body(server)
    }

    private init(port: Int, _ options: [String], _ clock: ServerClock?) throws {
        self.port = port
        self.clock = clock
        folder = FileManager.default.temporaryDirectory.appending(path: "sluice-redis-\(UUID().uuidString)")
        self.options = options
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try launch()
    }

    private func launch() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path, "--appendonly", "no",
                "--save", "", "--logfile", "redis.log",
            ] + options
        if let clock { process.environment = ProcessInfo.processInfo.environment.merging(clock.environment) { $1 } }
        try process.run()
        let identifier = process.processIdentifier
        self.process.withLock { $0 = identifier }
    }

    /// What the server knew is gone.
    package func kill() { signal(SIGKILL) }

    package func signal(_ signal: Int32) { Foundation.kill(process.withLock { $0 }, signal) }

    /// One command on a connection of its own.
    @discardableResult package func command(_ words: [RedisArgument]) async throws -> RedisReply {
        try await withClient { try await $0.send(words) }
    }

    /// A command that nobody waits for, by another program.
    package func commandInBackground(_ words: [String]) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["redis-cli", "-p", "\(port)"] + words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
    }

    /// The ids of connections whose line in CLIENT LIST has these words.
    package func clients(that words: String) async throws -> [String] {
        let list = try await command(["CLIENT", "LIST"]).string ?? ""
        return list.split(whereSeparator: \.isNewline).filter { $0.contains(words) }.compactMap { line in
            line.split(separator: " ").first.map { String($0.dropFirst("id=".count)) }
        }
    }

    /// The same port, and nothing on it.
    package func restart() async throws {
        try launch()
        guard try await answers() else { throw CocoaError(.executableLoad) }
    }

    private func stop() {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Somebody else may take the port between our looking for it and the server's; then another is tried.
    private static func start(_ options: [String], _ clock: ServerClock?) async throws -> RedisServer {
        for _ in 1...20 {
            let server = try RedisServer(port: try freePort(), options, clock)
            do {
                if try await server.answers() {
                    try await server.checkClock()
                    return server
                }
            } catch {
                server.stop()
                throw error
            }
            server.stop()
        }
        throw CocoaError(.executableLoad)
    }

    private func answers() async throws -> Bool {
        let limit = ContinuousClock.now + .seconds(20)
        let process = process.withLock { $0 }
        while ContinuousClock.now < limit, Foundation.kill(process, 0) == 0 {
            if let owner = try? await owner() { return owner == Int(process) }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// A server that keeps to the system's clock would only fail those who wait for something to pass.
    private func checkClock() async throws {
        guard let clock else { return }
        let time = try await command(["TIME"]).array?.compactMap(\.string).compactMap(Int64.init) ?? []
        let millisecond = time.count == 2 ? time[0] * 1000 + time[1] / 1000 : 0
        guard millisecond == clock.now.milliseconds else { throw ClockUnread() }
    }

    private struct ClockUnread: Error {}

    /// The process that answers on the port.
    private func owner() async throws -> Int? {
        let info = try await command(["INFO", "server"]).string ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("process_id:") }
        return line.flatMap { Int($0.dropFirst("process_id:".count)) }
    }

    private func withClient<Value: Sendable>(_ body: @escaping @Sendable (RedisClient) async throws -> Value)
        async throws -> Value
    {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(2)
        let client = RedisClient(
            configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
        return try await withThrowingTaskGroup { group in
            group.addTask { try await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}
