import JobFlow
import Logging
import TestKit

@testable import JobRecovery

/// One machine with its journal, beside a queue that a test can rob of its last writes.
struct Machine: Sendable {
    static let lease = Duration.seconds(30)

    let clock: ManualWallClock
    let queue: InMemoryJobStore
    let store: UnreliableJobStore
    let journal: InMemoryJournal
    let recovery: Recovery

    init(_ name: String = "one", clock: ManualWallClock = ManualWallClock(), queue: InMemoryJobStore? = nil) {
        self.clock = clock
        self.queue = queue ?? InMemoryJobStore(now: { clock.now })
        store = UnreliableJobStore(self.queue)
        journal = InMemoryJournal(now: { clock.now })
        recovery = Recovery(store: store, journal: journal, member: name, logger: Logger(label: "test"))
    }

    var worker: WorkerRecovery { WorkerRecovery(recovery, lease: Self.lease) }

    /// Whether an intake has compared the server that answers now with the journal.
    func isLookedAt(_ partition: Int = 0) async throws -> Bool {
        try await journal.lastServer(.intake, partition: partition) == store.server(partition).identity
    }

    /// As the intake accepts a job.
    func accept(_ spec: JobSpec) async throws {
        try await journal.accept(spec)
        if try await store.submit(spec) == .accepted { journal.queued([spec.id]) }
    }

    func claim(_ limit: Int = 1, worker: String = "w1") async throws -> [Claim] {
        try await store.claim(
            ClaimRequest(
                partition: 0, worker: worker, lease: Self.lease, limit: limit, round: StoreUnderTest.nextRound(),
                server: try await store.server(0).identity, shares: [QueueShare(queue: "default", jobs: limit)])
        ).claims
    }

    /// As a worker ends a claim: on disk first. Without `isTold` it dies before the queue hears of it.
    @discardableResult
    func end(_ claim: Claim, _ verdict: Verdict, isTold: Bool = true) async throws -> Settlement {
        let settlement = Self.settlement(claim, verdict)
        try await journal.record(settlement)
        if isTold { journal.settled(settlement, try await store.settle(settlement)) }
        return settlement
    }

    static func settlement(_ claim: Claim, _ verdict: Verdict) -> Settlement {
        let row = Attempt(
            number: claim.attempts + 1, endpoint: "one", region: "eastus", tier: "ptu", worker: claim.worker,
            startedAt: Samples.start, endedAt: Samples.start, outcome: .completed, statusCode: 200, billed: .yes)
        return Settlement(claim: claim, verdict: verdict, attempts: [row], spent: claim.spent + 1, rounds: claim.rounds)
    }

    static func answer(_ text: String) -> Verdict {
        .completed(JobResult(statusCode: 200, body: Array("\"\(text)\"".utf8), endpoint: "one"), nil)
    }

    func answer(_ id: JobID) async throws -> String? {
        try await store.record(id)?.result.map { String(decoding: $0.body, as: UTF8.self) }
    }

    func state(_ id: JobID) async throws -> JobState? { try await store.record(id)?.state }

    func ledger(_ id: JobID) async throws -> [Int] {
        guard let ledger = try await store.record(id)?.ledger else { return [] }
        let text = [UInt8(ascii: "[")] + ledger + [UInt8(ascii: "]")]
        return try JSONValue(parsing: text).array?.compactMap { $0.object.flatMap(Attempt.init)?.number } ?? []
    }
}
