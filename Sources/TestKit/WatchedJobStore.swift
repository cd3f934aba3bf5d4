package import JobFlow

/// Tells a test when somebody waits for the end of a job, and when one is submitted.
package final class WatchedJobStore: JobStore {
    private let base: any JobStore
    private let onSubmit: @Sendable (JobSpec) async -> Void
    private let begun: AsyncStream<Void>
    private let begin: AsyncStream<Void>.Continuation

    package init(_ base: any JobStore, onSubmit: @escaping @Sendable (JobSpec) async -> Void = { _ in }) {
        self.base = base
        self.onSubmit = onSubmit
        (begun, begin) = AsyncStream.makeStream()
    }

    /// Returns when the next wait has reached the store.
    package func waitBegan() async { for await _ in begun { return } }

    package func submit(_ spec: JobSpec, isPromised: Bool) async throws(StoreError) -> SubmitOutcome {
        await onSubmit(spec)
        return try await base.submit(spec, isPromised: isPromised)
    }
    package func submitAndWatch(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome {
        await onSubmit(spec)
        return try await base.submitAndWatch(spec)
    }
    package func unwatch(_ id: JobID) { base.unwatch(id) }
    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound { try await base.claim(request) }
    package func renew(_ claims: [Claim], lease: Duration) async throws(StoreError) -> Set<JobID> {
        try await base.renew(claims, lease: lease)
    }
    package func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        try await base.settle(settlement)
    }
    package func record(_ id: JobID) async throws(StoreError) -> JobRecord? { try await base.record(id) }
    package func record(_ id: JobID, endedWithin wait: Duration, unless interruption: Interruption?)
        async throws(StoreError) -> JobRecord?
    {
        begin.yield()
        return try await base.record(id, endedWithin: wait, unless: interruption)
    }
    package func body(_ id: JobID) async throws(StoreError) -> [UInt8]? { try await base.body(id) }

    package func waitForWork(_ partitions: [Int], atMost: Duration) async throws(StoreError) {
        try await base.waitForWork(partitions, atMost: atMost)
    }
    package func census() async throws(StoreError) -> [QueueCensus] { try await base.census() }
    package func server(_ partition: Int) async throws(StoreError) -> ServerMemory { try await base.server(partition) }
    package func announce(_ member: String, to server: ServerIdentity, partition: Int, memory: Duration)
        async throws(StoreError) -> FleetStanding
    {
        try await base.announce(member, to: server, partition: partition, memory: memory)
    }

    package func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?] { try await base.standings(ids) }
}
