package import JobFlow
import Synchronization

/// A machine's journal in memory, with the semantics of the one in SQLite, but for its retention.
package final class InMemoryJournal: JobJournal, AuditSink {
    private let state = Mutex(KeptJournal())
    private let now: WallClock
    private let asked = Atomic(0)
    private let trouble = Mutex((fails: false, isReadOnly: false))
    private let arrival = Mutex<Arrival>({ $0 })

    /// What a page of accepted jobs is when it has come; what happens meanwhile happens here.
    package typealias Arrival = @Sendable (JournalPage<JobSpec>) -> JournalPage<JobSpec>

    package init(now: @escaping WallClock) { self.now = now }

    package func onArrival(_ body: @escaping Arrival) { arrival.withLock { $0 = body } }

    /// While it fails, nothing can be written or read.
    package var fails: Bool {
        get { trouble.withLock { $0.fails } }
        set { trouble.withLock { $0.fails = newValue } }
    }

    /// While the disk is full, everything can be read and nothing written.
    package var isReadOnly: Bool {
        get { trouble.withLock { $0.isReadOnly } }
        set { trouble.withLock { $0.isReadOnly = newValue } }
    }

    /// How often somebody has asked which job a repeated request means.
    package var keysAsked: Int { asked.load(ordering: .relaxed) }

    package var unsettledCount: Int { state.withLock { $0.ends.values.count { $0.confirmedAt == nil } } }

    package func accept(_ spec: JobSpec) async throws(AuditError) { try change { $0.accept(spec, at: now()) } }
    package func queued(_ ids: [JobID]) { try? change { $0.queued(ids, at: now()) } }
    package func leftSpool(_ ids: [JobID]) async throws(AuditError) { try change { $0.queued(ids, at: now()) } }
    package func withdraw(_ ids: [JobID]) async throws(AuditError) { try change { for id in ids { $0.withdraw(id) } } }
    package func ended(_ ids: [JobID]) { try? change { $0.ended(ids) } }
    package func known(_ idempotency: Idempotency) async throws(AuditError) -> KnownJob? {
        asked.add(1, ordering: .relaxed)
        return try read { $0.known(idempotency) }
    }
    package func spooled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobSpec> {
        try arrived { $0.spooled.page(after: mark, limit) }
    }
    package func spooledCount() async throws(AuditError) -> Int { try read { $0.spooled.count } }
    package func accepted(since: Timestamp, after mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<JobSpec>
    {
        try arrived { $0.accepted(since: since).page(after: mark, limit) }
    }
    package func underway(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobID> {
        try read { $0.underway.map { ($0.0, $0.1.id) }.page(after: mark, limit) }
    }
    package func unsettled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<Settlement> {
        try read { $0.unsettled.page(after: mark, limit) }
    }
    package func confirmed(since: Timestamp, before mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<Settlement>
    {
        try read { $0.confirmed(since: since).page(before: mark, limit) }
    }
    package func attempts(of job: JobID) async throws(AuditError) -> [AuditedAttempt] {
        try read { $0.attempts.filter { $0.job == job }.sorted { $0.attempt.number < $1.attempt.number } }
    }
    package func record(_ id: JobID) async throws(AuditError) -> JobRecord? { try read { $0.record(id) } }
    package func noteEnd(_ settlement: Settlement) async throws(AuditError) {
        try change { $0.confirm(settlement, at: now()) }
    }
    package func forgetEnd(_ id: JobID) async throws(AuditError) { try change { $0.forgetEnd(id) } }
    package func forget(_ id: JobID) async throws(AuditError) {
        try change { journal in
            journal.forgetEnd(id)
            journal.forget(id)
        }
    }
    package func lastServer(_ role: JournalRole, partition: Int) async throws(AuditError) -> ServerIdentity? {
        try read { $0.servers["\(role) \(partition)"] }
    }
    package func remember(_ server: ServerIdentity, _ role: JournalRole, partition: Int) async throws(AuditError) {
        try change { $0.servers["\(role) \(partition)"] = server }
    }

    package func record(_ settlement: Settlement) async throws(AuditError) { try change { $0.record(settlement) } }
    package func settled(_ settlement: Settlement, _ outcome: SettleOutcome) {
        try? change { $0.settled(settlement, outcome, at: now()) }
    }
    package func note(_ attempts: [AuditedAttempt], _ ended: [EndedJob]) {
        try? change { journal in
            journal.attempts += attempts
            for job in ended {
                journal.confirm(
                    Settlement(spec: job.spec, epoch: job.epoch, worker: "", verdict: job.verdict), at: now())
            }
        }
    }

    private func change(_ body: (inout KeptJournal) -> Void) throws(AuditError) {
        if fails || isReadOnly { throw AuditError("no space left on device") }
        state.withLock { body(&$0) }
    }

    private func read<Value: Sendable>(_ body: (KeptJournal) -> Value) throws(AuditError) -> Value {
        if fails { throw AuditError("the file cannot be read") }
        return state.withLock { body($0) }
    }

    private func arrived(_ body: (KeptJournal) -> JournalPage<JobSpec>) throws(AuditError) -> JournalPage<JobSpec> {
        arrival.withLock { $0 }(try read(body))
    }
}

extension Array {
    /// Elements come with their places, in ascending order.
    fileprivate func page<Value>(after mark: JournalMark, _ limit: Int) -> JournalPage<Value>
    where Element == (Int64, Value) {
        let rest = filter { $0.0 > mark.sequence }
        return Self.page(rest, limit)
    }

    fileprivate func page<Value>(before mark: JournalMark, _ limit: Int) -> JournalPage<Value>
    where Element == (Int64, Value) {
        let rest = filter { $0.0 < mark.sequence }
        return Self.page(rest.reversed(), limit)
    }

    private static func page<Value>(_ rest: Self, _ limit: Int) -> JournalPage<Value> where Element == (Int64, Value) {
        let part = rest.prefix(limit)
        let last = part.last.map { JournalMark($0.0) }
        return JournalPage(elements: part.map(\.1), last: last, next: rest.count > limit ? last : nil)
    }
}
