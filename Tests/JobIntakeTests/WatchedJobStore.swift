import JobFlow

/// Tells a test when somebody waits for the end of a job.
final class WatchedJobStore: JobStore {
    private let base: any JobStore
    private let begun: AsyncStream<Void>
    private let begin: AsyncStream<Void>.Continuation

    init(_ base: any JobStore) {
        self.base = base
        (begun, begin) = AsyncStream.makeStream()
    }

    /// Returns when the next wait has reached the store.
    func waitBegan() async { for await _ in begun { return } }

    func submit(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome { try await base.submit(spec) }
    func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound { try await base.claim(request) }
    func renew(_ claims: [Claim], worker: String, lease: Duration) async throws(StoreError) -> Set<JobID> {
        try await base.renew(claims, worker: worker, lease: lease)
    }
    func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        try await base.settle(settlement)
    }
    func record(_ id: JobID) async throws(StoreError) -> JobRecord? { try await base.record(id) }
    func record(_ id: JobID, endedWithin wait: Duration) async throws(StoreError) -> JobRecord? {
        begin.yield()
        return try await base.record(id, endedWithin: wait)
    }
    func waitForWork(_ partitions: [Int], atMost: Duration) async throws(StoreError) {
        try await base.waitForWork(partitions, atMost: atMost)
    }
    func census() async throws(StoreError) -> [QueueCensus] { try await base.census() }
}
