import JobFlow
import LiveRedis
import Logging
import NIOPosix
import TestKit
import Testing

@testable import JobQueue
@testable import Redis

/// A queue on a server of its own.
struct QueueOnRedis: Sendable {
    let store: RedisJobStore
    let client: RedisClient
    let server: RedisServer
    /// What the server takes for the time, unless that is real: then it stands still, and nobody reads it.
    let clock: ServerClock

    static let crashLimit = 3

    static func configuration() -> QueueConfiguration {
        QueueConfiguration(
            queues: ["interactive", "default", "batch"], maximumLength: ["batch": StoreUnderTest.batchLength],
            crashLimit: crashLimit)
    }

    /// - Parameter timeIsReal: the server keeps to the system's clock.
    static func run<Value: Sendable>(
        _ options: [String] = [], _ configuration: QueueConfiguration = configuration(),
        commandTimeout: Duration = .seconds(10), timeIsReal: Bool = false,
        _ body: @escaping @Sendable (QueueOnRedis) async throws -> Value
    ) async throws -> Value {
        let clock = try ServerClock()
        return try await RedisServer.run(options, clock: timeIsReal ? nil : clock) { server in
            let logger = Logger(label: "test")
            var redis = try RedisConfiguration(url: server.url)
            redis.commandTimeout = commandTimeout
            let client = RedisClient(
                configuration: redis, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
            let store = RedisJobStore(client: client, configuration: configuration, logger: logger)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                group.addTask { try await store.run() }
                defer { group.cancelAll() }
                return try await body(QueueOnRedis(store: store, client: client, server: server, clock: clock))
            }
        }
    }

    func visit(_ limit: Int, partition: Int = 0) async throws -> ClaimRound {
        try await store.claim(
            ClaimRequest(
                partition: partition, worker: "w", lease: .seconds(600), limit: limit,
                round: StoreUnderTest.nextRound(),
                server: try await store.server(partition).identity,
                shares: [QueueShare(queue: "default", jobs: limit), QueueShare(queue: "batch", jobs: limit)]))
    }

    func settle(_ claim: Claim, _ verdict: Verdict) async throws {
        let outcome = try await store.settle(
            Settlement(claim: claim, verdict: verdict, attempts: [], spent: 1, rounds: 0))
        #expect(outcome == .settled)
    }

    /// The store as the contract wants it.
    var underTest: StoreUnderTest {
        StoreUnderTest(
            store, crashLimit: Self.crashLimit, now: { clock.now }, advance: { try clock.advance(by: $0) },
            remember: remember)
    }

    /// A copy of every key, and how to bring the server back to it, as a restart without its last writes would.
    @Sendable private func remember() async throws -> @Sendable () async throws -> Void {
        var copies: [(key: RedisArgument, ttl: Int, value: RedisArgument)] = []
        for name in try await client.send(["KEYS", "*"]).array ?? [] {
            let key = RedisArgument.string(name.string ?? "")
            let ttl = try await client.send(["PTTL", key]).int ?? 0
            guard let value = try await client.send(["DUMP", key]).bytes else { continue }
            copies.append((key, max(0, ttl), .bytes(Array(value))))
        }
        return { [client, copies] in
            _ = try await client.send(["FLUSHALL"])
            for copy in copies { _ = try await client.send(["RESTORE", copy.key, .integer(copy.ttl), copy.value]) }
            _ = try await client.send(["SET", key("era"), "another"])
        }
    }

    func key(_ name: String) -> RedisArgument { .string(QueueKeys.prefix(0) + name) }
}
