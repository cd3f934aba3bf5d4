package import JobFlow
import Synchronization

/// Another store behind a connection that can fail: before the write, or, worse, after it.
package final class UnreliableJobStore: JobStore {
    package enum Mode: Sendable, Equatable {
        case working
        case failing(StoreError)
        /// The store does as it was asked, and nobody hears of it.
        case failingAfterwards(StoreError)
    }

    private let base: any JobStore
    private let state = Mutex(Mode.working)

    package init(_ base: any JobStore) { self.base = base }

    package var mode: Mode {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    package func submit(_ spec: JobSpec, isPromised: Bool) async throws(StoreError) -> SubmitOutcome {
        try before()
        return try after(try await base.submit(spec, isPromised: isPromised))
    }

    package func submitAndWatch(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome {
        try before()
        return try after(try await base.submitAndWatch(spec))
    }

    package func unwatch(_ id: JobID) { base.unwatch(id) }

    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound {
        try before()
        return try after(try await base.claim(request))
    }

    package func renew(_ claims: [Claim], lease: Duration) async throws(StoreError) -> Set<JobID> {
        try before()
        return try after(try await base.renew(claims, lease: lease))
    }

    package func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        try before()
        return try after(try await base.settle(settlement))
    }

    package func record(_ id: JobID) async throws(StoreError) -> JobRecord? {
        try before()
        return try after(try await base.record(id))
    }

    package func record(_ id: JobID, endedWithin wait: Duration, unless interruption: Interruption?)
        async throws(StoreError) -> JobRecord?
    {
        try before()
        return try after(try await base.record(id, endedWithin: wait, unless: interruption))
    }

    package func body(_ id: JobID) async throws(StoreError) -> [UInt8]? {
        try before()
        return try after(try await base.body(id))
    }

    package func waitForWork(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        try before()
        try after(try await base.waitForWork(partitions, atMost: wait))
    }

    package func census() async throws(StoreError) -> [QueueCensus] {
        try before()
        return try after(try await base.census())
    }

    package func server(_ partition: Int) async throws(StoreError) -> ServerMemory {
        try before()
        return try after(try await base.server(partition))
    }

    package func announce(_ member: String, to server: ServerIdentity, partition: Int, memory: Duration)
        async throws(StoreError) -> FleetStanding
    {
        try before()
        return try after(try await base.announce(member, to: server, partition: partition, memory: memory))
    }

    package func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?] {
        try before()
        return try after(try await base.standings(ids))
    }

    private func before() throws(StoreError) {
        if case .failing(let error) = mode { throw error }
    }

    private func after<Outcome>(_ outcome: Outcome) throws(StoreError) -> Outcome {
        if case .failingAfterwards(let error) = mode { throw error }
        return outcome
    }
}
