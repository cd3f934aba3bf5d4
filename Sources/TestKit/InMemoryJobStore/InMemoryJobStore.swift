package import JobFlow
import Synchronization

/// The queue in memory, with the semantics of the one on Redis: leases by a clock that comes in, epochs that fence, a due
/// set, deadlines, idempotency keys, shares. It keeps every record and key for as long as it lives.
package final class InMemoryJobStore: JobStore {
    private let state: Mutex<StoredJobs>
    private let bell = Bell()
    private let now: WallClock
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - queues: the names that the census lists, in its order.
    ///   - crashLimit: a job whose worker died so often is not tried again.
    ///   - now: the clock of leases, retries and deadlines. They move when somebody claims, as they do on Redis.
    ///   - sleep: how the time limits of waits pass.
    package init(
        queues: [String] = ["interactive", "default", "batch"], crashLimit: Int = 3, now: @escaping WallClock,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        state = Mutex(StoredJobs(queues: queues, crashLimit: crashLimit))
        self.now = now
        self.sleep = sleep
    }

    package func submit(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome {
        change { $0.submit(spec, at: now()) }
    }

    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound {
        change { $0.claim(request, at: now()) }
    }

    package func renew(_ claims: [Claim], worker: String, lease: Duration) async throws(StoreError) -> Set<JobID> {
        change { $0.renew(claims, until: now() + lease) }
    }

    package func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        change { $0.settle(settlement, at: now()) }
    }

    package func record(_ id: JobID) async throws(StoreError) -> JobRecord? {
        state.withLock { $0.record(id) }
    }

    package func record(_ id: JobID, endedWithin wait: Duration) async throws(StoreError) -> JobRecord? {
        try await waiting(atMost: wait) { $0.record(id)?.state.isTerminal ?? true }
        return try await record(id)
    }

    package func waitForWork(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        try await waiting(atMost: wait) { state in partitions.contains { state.hasQueued($0) } }
    }

    package func census() async throws(StoreError) -> [QueueCensus] {
        state.withLock { $0.census(at: now()) }
    }

    private func change<Outcome: Sendable>(_ body: (inout StoredJobs) -> Outcome) -> Outcome {
        let outcome = state.withLock { body(&$0) }
        bell.ring()
        return outcome
    }

    /// Returns when `isReached`, or when the time is up.
    private func waiting(atMost limit: Duration, _ isReached: @escaping @Sendable (StoredJobs) -> Bool)
        async
        throws(StoreError)
    {
        let rings = bell.rings()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                if self.state.withLock({ isReached($0) }) { return }
                for await _ in rings where self.state.withLock({ isReached($0) }) { return }
            }
            group.addTask { try? await self.sleep(limit) }
            await group.next()
            group.cancelAll()
        }
        if Task.isCancelled { throw StoreError(.cancelled, "the wait was cancelled") }
    }
}
