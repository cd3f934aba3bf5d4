import JobFlow
import JobQueue
import Logging
import NIOPosix
import Redis

/// Round trips of the three scripts that every job passes, one call at a time. Per job: a batch of one is a whole round
/// trip.
struct ScriptParts {
    private let client: RedisClient
    private let store: RedisJobStore
    private let configuration: QueueConfiguration
    private let maker: JobMaker
    private var round = 0

    private static let batches = [1, 32, 100]
    private static let jobsInRun = 2000

    static func measure(_ table: inout PartsTable, _ redis: RedisConfiguration) async throws {
        guard table.wants("script") else { return }
        var logger = Logger(label: "sluice-bench")
        logger.logLevel = .warning
        let client = RedisClient(configuration: redis, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        var parts = ScriptParts(client, logger)
        // Ends with this function.
        async let _ = client.run()
        for batch in batches { try await parts.measure(&table, batch) }
    }

    /// In a queue that no worker knows, and whose records are soon gone.
    private init(_ client: RedisClient, _ logger: Logger) {
        let queue = "bench-\(UInt32.random(in: 0 ... .max))"
        self.client = client
        configuration = QueueConfiguration(queues: [queue], defaultResultTTL: .seconds(60))
        store = RedisJobStore(client: client, configuration: configuration, logger: logger)
        maker = JobMaker(queue: queue, model: "gpt-4o", bytes: 1024, partitions: 1)
    }

    private mutating func measure(_ table: inout PartsTable, _ batch: Int) async throws {
        _ = try await run(batch)
        var times: [Times] = []
        for _ in 0..<table.runs { times.append(try await run(batch)) }
        table.report("script: submit, batch \(batch)", times.map(\.submit))
        table.report("script: claim, batch \(batch)", times.map(\.claim))
        table.report("script: settle, batch \(batch)", times.map(\.settle))
    }

    private struct Times {
        var submit = Duration.zero
        var claim = Duration.zero
        var settle = Duration.zero
    }

    /// Per job.
    private mutating func run(_ batch: Int) async throws -> Times {
        let turns = max(1, Self.jobsInRun / batch)
        var times = Times()
        for _ in 0..<turns { try await turn(batch, &times) }
        let jobs = turns * batch
        return Times(submit: times.submit / jobs, claim: times.claim / jobs, settle: times.settle / jobs)
    }

    private mutating func turn(_ batch: Int, _ times: inout Times) async throws {
        let clock = ContinuousClock()
        let jobs = (0..<batch).map(maker.job)
        times.submit += try await clock.measure { _ = try await store.submit(jobs, isPromised: false) }
        let request = try await request(batch)
        var claims: [Claim] = []
        times.claim += try await clock.measure { claims = try await store.claim(request).claims }
        guard claims.count == batch else { throw LoadError(message: "claimed \(claims.count) of \(batch) jobs") }
        let settlements = claims.map(Settlement.sample)
        times.settle += try await clock.measure { try await settle(settlements) }
    }

    private mutating func request(_ batch: Int) async throws -> ClaimRequest {
        round += 1
        return ClaimRequest(
            partition: 0, worker: maker.queue, lease: .seconds(30), limit: batch, round: round,
            server: try await store.server(0).identity, shares: [QueueShare(queue: maker.queue, jobs: batch)])
    }

    private func settle(_ settlements: [Settlement]) async throws {
        let reply = try await client.evaluate(
            QueueScripts.settle, keys: ["sluice{0}:"], arguments: SettleClaims.arguments(settlements, configuration))
        guard reply.array?.allSatisfy({ $0.int == 2 }) == true else {
            throw LoadError(message: "a job was not settled")
        }
    }
}
