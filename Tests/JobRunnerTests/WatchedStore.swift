import JobFlow
import Synchronization

/// Another store, with a list of what it was asked; its first settlements can be made to fail.
final class WatchedStore: JobStore {
    struct Seen: Sendable {
        var claims: [ClaimRequest] = []
        var settlements: [Settlement] = []
        var renewals: [Set<JobID>] = []
    }

    private let base: any JobStore
    private let seenUntilNow = Mutex(Seen())
    private let settleErrors: Mutex<[StoreError]>
    /// What happens while a renewal is under way.
    let duringRenewal = Mutex<(@Sendable ([Claim]) async -> Void)?>(nil)
    /// Whether a settlement is answered only after a renewal that came behind it.
    let answersAfterRenewal = Atomic(false)

    /// - Parameter settleErrors: one a settlement, until they are used up.
    init(_ base: any JobStore, settleErrors: [StoreError] = []) {
        self.base = base
        self.settleErrors = Mutex(settleErrors)
    }

    var seen: Seen { seenUntilNow.withLock { $0 } }

    func submit(_ spec: JobSpec, isPromised: Bool) async throws(StoreError) -> SubmitOutcome {
        try await base.submit(spec, isPromised: isPromised)
    }

    func server(_ partition: Int) async throws(StoreError) -> ServerMemory { try await base.server(partition) }

    func announce(_ member: String, to server: ServerIdentity, partition: Int, memory: Duration)
        async throws(StoreError) -> FleetStanding
    {
        try await base.announce(member, to: server, partition: partition, memory: memory)
    }

    func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?] { try await base.standings(ids) }

    func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound {
        seenUntilNow.withLock { $0.claims.append(request) }
        return try await base.claim(request)
    }

    func renew(_ claims: [Claim], lease: Duration) async throws(StoreError) -> Set<JobID> {
        await duringRenewal.withLock { $0 }?(claims)
        let lost = try await base.renew(claims, lease: lease)
        seenUntilNow.withLock { $0.renewals.append(Set(claims.map(\.spec.id))) }
        return lost
    }

    func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        seenUntilNow.withLock { $0.settlements.append(settlement) }
        if let error = settleErrors.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
        let outcome = try await base.settle(settlement)
        guard answersAfterRenewal.load(ordering: .relaxed) else { return outcome }
        let renewals = seen.renewals.count
        while seen.renewals.count <= renewals { try? await Task.sleep(for: .milliseconds(1)) }
        return outcome
    }

    func record(_ id: JobID) async throws(StoreError) -> JobRecord? { try await base.record(id) }

    func record(_ id: JobID, endedWithin wait: Duration, unless interruption: Interruption?)
        async throws(StoreError) -> JobRecord?
    {
        try await base.record(id, endedWithin: wait, unless: interruption)
    }

    func body(_ id: JobID) async throws(StoreError) -> [UInt8]? { try await base.body(id) }

    func waitForWork(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        try await base.waitForWork(partitions, atMost: wait)
    }

    func census() async throws(StoreError) -> [QueueCensus] { try await base.census() }
}
