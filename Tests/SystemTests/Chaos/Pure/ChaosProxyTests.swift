import Foundation
import TestKit
import Testing

/// The proxy does to a connection what its modes say.
struct ChaosProxyTests {
    @Test(.timeLimit(.minutes(5)))
    func `passes, holds back, refuses, cuts`() async throws {
        try await withFolder { folder in
            let redis = try ChaosRedis(port: try await quietPort(), folder: folder)
            try await redis.start()
            let proxy = RedisProxy(port: try await quietPort(), backend: redis.port)
            try await withThrowingTaskGroup { group in
                group.addTask { await proxy.run() }
                try await eventually("it listens") { try await Self.ask(proxy, in: folder, "PING") == "PONG" }

                proxy.set(.delay(.milliseconds(1)))
                #expect(try await Self.ask(proxy, in: folder, "PING") == "PONG")

                proxy.set(.refuse(Latch()))
                // Listening ends on the event loop, a moment after it was asked for.
                try await eventually("it refuses") {
                    try await Self.ask(proxy, in: folder, "PING").contains("Connection refused")
                }

                proxy.set(.pass)
                try await eventually("it listens again") { try await Self.ask(proxy, in: folder, "PING") == "PONG" }

                proxy.set(.hold(Latch()))
                let late = try Self.client(proxy, in: folder, "SET", "late", "1")
                #expect(try await redis.ask("GET", "late") == "")
                proxy.set(.pass)
                #expect(try await late.exit() == 0)
                #expect(try await redis.ask("GET", "late") == "1")

                let blocked = try Self.client(proxy, in: folder, "BLPOP", "nothing", "60")
                try await eventually("it is blocked") {
                    try await redis.ask("INFO", "clients").contains("blocked_clients:1")
                }
                proxy.cut()
                _ = try await blocked.exit()
                #expect(blocked.text.contains("reset by peer"))
                group.cancelAll()
            }
            try await redis.kill()
        }
    }

    private static func ask(_ proxy: RedisProxy, in folder: URL, _ words: String...) async throws -> String {
        let client = try client(proxy, in: folder, words)
        _ = try await client.exit()
        return client.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func client(_ proxy: RedisProxy, in folder: URL, _ words: String...) throws -> SluiceProcess {
        try client(proxy, in: folder, words)
    }

    private static func client(_ proxy: RedisProxy, in folder: URL, _ words: [String]) throws -> SluiceProcess {
        try SluiceProcess(
            ["-h", "127.0.0.1", "-p", "\(proxy.port)"] + words, in: folder, log: "\(UUID().uuidString).log",
            executable: "/usr/bin/redis-cli")
    }
}
