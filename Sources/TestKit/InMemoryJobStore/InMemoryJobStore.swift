package import JobFlow
import Synchronization

/// The queue in memory, with the semantics of the one on Redis: leases by a clock that comes in, epochs that fence, a due
/// set, deadlines, idempotency keys, shares. It keeps every record and key for as long as it lives.
package final class InMemoryJobStore: JobStore, JobControl, JobEvents {
    private struct State {
        var jobs: StoredJobs
        /// Counts the lives of the server.
        var life = 1
        /// How far its memory reached when this life began.
        var reach: Timestamp?
        /// When this life began.
        var began: Timestamp?
    }

    /// What the server remembered at some moment.
    package struct Memory: Sendable { fileprivate var jobs: StoredJobs }

    private let state: Mutex<State>
    private let bell = Bell()
    private let cancellations = Announcements<JobID>()
    let now: WallClock
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - queues: the names that the census lists, in its order.
    ///   - crashLimit: a job whose worker died so often is not tried again.
    ///   - now: the clock of leases, retries and deadlines. They move when somebody claims, as they do on Redis.
    ///   - sleep: how the time limits of waits pass.
    package init(
        queues: [String] = ["interactive", "default", "batch"], crashLimit: Int = 3,
        maximumLength: [String: Int] = [:], now: @escaping WallClock,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        state = Mutex(
            State(jobs: StoredJobs(queues: queues, crashLimit: crashLimit, maximumLength: maximumLength)))
        self.now = now
        self.sleep = sleep
    }

    package func submit(_ spec: JobSpec, isPromised: Bool) async throws(StoreError) -> SubmitOutcome {
        change { jobs in
            jobs.beat(at: now())
            return jobs.submit(spec, isPromised: isPromised, at: now())
        }
    }

    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound {
        guard request.server == state.withLock({ Self.identity($0) }) else {
            throw StoreError(.serverChanged, "another server")
        }
        return change { $0.claim(request, at: now()) }
    }

    package func renew(_ claims: [Claim], lease: Duration) async throws(StoreError) -> Set<JobID> {
        changeOnServer { $0.renew(claims, until: now() + lease, on: $1, at: now()) }
    }

    package func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        changeOnServer { $0.settle(settlement, on: $1, at: now()) }
    }

    package func record(_ id: JobID) async throws(StoreError) -> JobRecord? {
        state.withLock { $0.jobs.record(id) }
    }

    package func record(_ id: JobID, endedWithin wait: Duration, unless interruption: Interruption?)
        async throws(StoreError) -> JobRecord?
    {
        try await waiting(atMost: wait, unless: interruption) { $0.record(id)?.state.isTerminal ?? true }
        return try await record(id)
    }

    package func body(_ id: JobID) async throws(StoreError) -> [UInt8]? {
        let body = state.withLock { $0.jobs.jobs[$0.jobs.resolve(id)]?.body }
        return body?.isEmpty == false ? body : nil
    }

    package func waitForWork(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        try await waiting(atMost: wait) { state in partitions.contains { state.hasQueued($0) } }
    }

    package func census() async throws(StoreError) -> [QueueCensus] {
        state.withLock { $0.jobs.census(at: now()) }
    }

    package func server(_ partition: Int) async throws(StoreError) -> ServerMemory {
        state.withLock { ServerMemory(identity: Self.identity($0), remembersUntil: $0.reach) }
    }

    package func announce(_ member: String, to server: ServerIdentity, partition: Int, memory: Duration)
        async throws(StoreError) -> FleetStanding
    {
        let standing = state.withLock { state -> FleetStanding? in
            guard server == Self.identity(state) else { return nil }
            let others = state.jobs.announce(member, to: server, at: now(), memory: memory, reach: state.reach)
            return FleetStanding(waitingFor: others, age: now() - (state.began ?? now()))
        }
        guard let standing else { throw StoreError(.serverChanged, "another server") }
        return standing
    }

    package func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?] {
        state.withLock { state in ids.map { state.jobs.jobs[state.jobs.resolve($0)]?.standing } }
    }

    package func append(_ addition: JobEventAddition, of claim: Claim) async throws(StoreError) -> AppendOutcome {
        change { $0.append(addition, of: claim) }
    }

    package func events(_ id: JobID, from sequence: Int, known: JobStanding?, within wait: Duration)
        async throws(StoreError) -> JobEventPage?
    {
        try await waiting(atMost: wait) { jobs in
            guard let page = jobs.page(id, from: sequence) else { return true }
            return !page.events.isEmpty || page.standing.state.isTerminal || page.standing != known
        }
        return state.withLock { $0.jobs.page(id, from: sequence) }
    }

    package func cancel(_ id: JobID) async throws(StoreError) -> CancelOutcome {
        let outcome = change { $0.cancel(id, at: now()) }
        if case .cancelled = outcome { cancellations.announce(state.withLock { $0.jobs.resolve(id) }) }
        return outcome
    }

    package func retry(_ id: JobID) async throws(StoreError) -> ControlOutcome { change { $0.retry(id, at: now()) } }

    package func delete(_ id: JobID) async throws(StoreError) -> ControlOutcome { change { $0.delete(id) } }

    package func list(_ page: JobPage) async throws(StoreError) -> JobList { state.withLock { $0.jobs.list(page) } }

    package func pause(_ queue: String, _ isPaused: Bool) async throws(StoreError) {
        change { jobs in
            if isPaused { jobs.paused.insert(queue) } else { jobs.paused.remove(queue) }
        }
    }

    package func watchCancellations(
        onCancel: @escaping @Sendable (JobID) -> Void, onGap: @escaping @Sendable () -> Void
    ) async {
        onGap()
        for await id in cancellations.all() { onCancel(id) }
    }

    /// What the server remembers now.
    package var memory: Memory { state.withLock { Memory(jobs: $0.jobs) } }

    /// Another life of the server, which begins with what it remembered at some earlier moment; nil: with nothing.
    package func restart(with memory: Memory?) {
        state.withLock { state in
            state.life += 1
            state.jobs = memory?.jobs ?? state.jobs.emptied
            state.reach = state.jobs.pulse
            state.began = now()
        }
        bell.ring()
    }

    private static func identity(_ state: State) -> ServerIdentity { ServerIdentity("memory-\(state.life)") }

    func read<Outcome: Sendable>(_ body: (StoredJobs) -> Outcome) -> Outcome { state.withLock { body($0.jobs) } }

    func change<Outcome: Sendable>(_ body: (inout StoredJobs) -> Outcome) -> Outcome {
        changeOnServer { jobs, _ in body(&jobs) }
    }

    private func changeOnServer<Outcome: Sendable>(_ body: (inout StoredJobs, ServerIdentity) -> Outcome) -> Outcome {
        let outcome = state.withLock { body(&$0.jobs, Self.identity($0)) }
        bell.ring()
        return outcome
    }

    /// Returns when `isReached`, when the time is up, or when it is interrupted.
    func waiting(
        atMost limit: Duration, unless interruption: Interruption? = nil,
        _ isReached: @escaping @Sendable (StoredJobs) -> Bool
    ) async throws(StoreError) {
        let rings = bell.rings()
        let (interrupted, interrupt) = AsyncStream.makeStream(of: Void.self)
        if interruption?.attach({ interrupt.finish() }) == false { interrupt.finish() }
        defer { interruption?.detach() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                if self.state.withLock({ isReached($0.jobs) }) { return }
                for await _ in rings where self.state.withLock({ isReached($0.jobs) }) { return }
            }
            group.addTask { try? await self.sleep(limit) }
            group.addTask { for await _ in interrupted {} }
            await group.next()
            group.cancelAll()
        }
        if Task.isCancelled { throw StoreError(.cancelled, "the wait was cancelled") }
    }
}
