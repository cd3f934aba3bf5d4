/// The seam to this machine's journal, as an intake and the recovery use it. What it holds outlives any process, and any
/// Redis.
package protocol JobJournal: Sendable {
    /// Returns when the job is on disk as durably as worker.json asks for: from then on it may be promised.
    func accept(_ spec: JobSpec) async throws(AuditError)

    /// The same for many jobs: all of them, or none.
    func accept(_ specs: [JobSpec]) async throws(AuditError)

    /// The queue has these jobs. Written a little later, with what comes next.
    func queued(_ ids: [JobID])

    /// The same, and on disk when it returns: whoever empties the spool has to know what is left in it.
    func leftSpool(_ ids: [JobID]) async throws(AuditError)

    /// The queue refused the jobs, so they were never accepted, unless they were confirmed before. On disk when it returns.
    func withdraw(_ ids: [JobID]) async throws(AuditError)

    /// These jobs have ended, and their end needs no journal any more: an intake's rows of them may go.
    func ended(_ ids: [JobID])

    /// The job that a repeated request means, as far as this machine knows.
    func known(_ idempotency: Idempotency) async throws(AuditError) -> KnownJob?

    /// Jobs that were accepted and are not known to be in the queue, in the order of their acceptance.
    func spooled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobSpec>

    /// How many those are.
    func spooledCount() async throws(AuditError) -> Int

    /// Jobs that are not known to have ended and that the queue has confirmed at `since` or later, or not at all, by `mark`.
    func accepted(since: Timestamp, after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<
        JobSpec
    >

    /// Settlements that the queue has not answered for yet, by `mark`; as `late`.
    func unsettled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<Settlement>

    /// Terminal settlements that the queue has confirmed at `since` or later, the newest first; as `restored`.
    func confirmed(since: Timestamp, before mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<Settlement>

    /// The ids of jobs that the queue has confirmed and that are not known to have ended, by `mark`.
    func underway(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobID>

    /// Every attempt of a job that this machine made, oldest first.
    func attempts(of job: JobID) async throws(AuditError) -> [AuditedAttempt]

    /// A job as far as this machine knows it; nil if it does not.
    func record(_ id: JobID) async throws(AuditError) -> JobRecord?

    /// The queue wrote this terminal settlement, which no worker made: a cancellation.
    func noteEnd(_ settlement: Settlement) async throws(AuditError)

    /// The operator runs the job again: what was confirmed of its end before is not to be restored.
    func forgetEnd(_ id: JobID) async throws(AuditError)

    /// The job was deleted: nothing of it is to be read or restored. Its attempts stay in the audit log.
    func forget(_ id: JobID) async throws(AuditError)

    /// The server that this machine's journal was last reconciled with, for one kind of process.
    func lastServer(_ role: JournalRole, partition: Int) async throws(AuditError) -> ServerIdentity?

    func remember(_ server: ServerIdentity, _ role: JournalRole, partition: Int) async throws(AuditError)
}

extension JobJournal {
    package func accept(_ specs: [JobSpec]) async throws(AuditError) {
        for spec in specs { try await accept(spec) }
    }

    package func withdraw(_ id: JobID) async throws(AuditError) { try await withdraw([id]) }
}

/// Whose part of the journal: intakes answer for what was accepted, workers for what was settled.
package enum JournalRole: String, Sendable { case intake, worker }

/// A place in the journal; pages are read from one to the next.
package struct JournalMark: Sendable, Equatable, Comparable {
    package var sequence: Int64

    package init(_ sequence: Int64 = 0) { self.sequence = sequence }

    package static func < (a: JournalMark, b: JournalMark) -> Bool { a.sequence < b.sequence }
}

package struct JournalPage<Element: Sendable>: Sendable {
    package var elements: [Element]
    /// The place of the last element; nil on an empty page.
    package var last: JournalMark?
    /// Where the next page begins; nil when this is the last one.
    package var next: JournalMark?

    package init(elements: [Element], last: JournalMark? = nil, next: JournalMark?) {
        self.elements = elements
        self.last = last
        self.next = next
    }
}

/// A job that a repeated request found.
package struct KnownJob: Sendable, Equatable {
    package var id: JobID
    /// Whether the request was the same, or only its key.
    package var hasSameContent: Bool

    package init(id: JobID, hasSameContent: Bool) {
        self.id = id
        self.hasSameContent = hasSameContent
    }
}
