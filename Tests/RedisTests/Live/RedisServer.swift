import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A redis-server process of one test, on a port and in a directory of its own.
final class RedisServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let port: Int
    let directory: String
    private let arguments: [String]
    private let usesTLS: Bool
    private let process = NIOLockedValueBox<Process?>(nil)

    private init(port: Int, directory: String, arguments: [String], usesTLS: Bool) {
        self.port = port
        self.directory = directory
        self.arguments = arguments
        self.usesTLS = usesTLS
    }

    var url: String { "redis://127.0.0.1:\(port)" }

    /// Runs the server for the time of the body, whatever becomes of it there.
    ///
    /// - Parameter prepare: fills the directory before the start and returns further arguments.
    static func running(
        _ arguments: [String] = [], usesTLS: Bool = false, prepare: (String) async throws -> [String] = { _ in [] },
        _ body: (RedisServer) async throws -> Void
    ) async throws {
        let directory = NSTemporaryDirectory() + "redis-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let all = arguments + (try await prepare(directory))
        var server = RedisServer(port: freePort(), directory: directory, arguments: all, usesTLS: usesTLS)
        do {
            try await server.start()
        } catch  where "\(error)".contains("Address already in use") {
            server = RedisServer(port: freePort(), directory: directory, arguments: all, usesTLS: usesTLS)
            try await server.start()
        }
        defer { server.signal(SIGKILL) }
        try await body(server)
    }

    /// Starts the process and returns when it accepts connections.
    func start() async throws {
        let process = Process()
        process.executableURL = try Self.executable()
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let ports = usesTLS ? ["--port", "0", "--tls-port", "\(port)"] : ["--port", "\(port)"]
        process.arguments = ports + ["--bind", "127.0.0.1", "--save", "", "--logfile", "redis.log"] + arguments
        try process.run()
        self.process.withLockedValue { $0 = process }
        try await eventually("redis-server accepts connections") {
            guard process.isRunning else {
                throw Failure(description: "redis-server did not start: \(log)")
            }
            return await accepts()
        }
    }

    private func accepts() async -> Bool {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        guard let channel = try? await bootstrap.connect(host: "127.0.0.1", port: port).get() else { return false }
        try? await channel.close()
        return true
    }

    /// As by `kill`: SIGKILL, SIGSTOP, SIGCONT.
    func signal(_ number: Int32) {
        process.withLockedValue { process in
            if let process, process.isRunning { kill(process.processIdentifier, number) }
        }
    }

    func killAndWait() async throws {
        signal(SIGKILL)
        try await eventually("redis-server has died") { process.withLockedValue { $0?.isRunning != true } }
    }

    private var log: String { (try? String(contentsOfFile: directory + "/redis.log", encoding: .utf8)) ?? "no log" }

    private static func executable() throws -> URL {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/usr/local/bin"
        for folder in path.split(separator: ":") {
            let file = "\(folder)/redis-server"
            if FileManager.default.isExecutableFile(atPath: file) { return URL(fileURLWithPath: file) }
        }
        throw Failure(description: "redis-server is not installed (apt-get install redis-server); these tests need it")
    }

    /// Below the ephemeral range: a client that redials a dead server there would one day connect to itself.
    private static func freePort() -> Int {
        while true {
            let port = Int.random(in: 20_000..<32_000)
            let group = MultiThreadedEventLoopGroup.singleton
            if let channel = try? ServerBootstrap(group: group).bind(host: "127.0.0.1", port: port).wait() {
                try? channel.close().wait()
                return port
            }
        }
    }
}
