import JobFlow
import RunAudit

extension AuditLog {
    /// As the settlements of claims, one of each job.
    func record(_ rows: [AuditedAttempt]) async throws(AuditError) {
        var jobs: [JobID] = []
        for row in rows where !jobs.contains(row.job) { jobs.append(row.job) }
        for job in jobs { try await record(Samples.settlement(rows.filter { $0.job == job })) }
    }

    /// Returns when what nobody waits for is written.
    func flushed() async throws { try await eventually { pendingRows == 0 } }

    func spooled(_ limit: Int) async throws -> [JobSpec] {
        try await spooled(after: JournalMark(), limit: limit).elements
    }

    func unsettled() async throws -> [Settlement] { try await unsettled(after: JournalMark(), limit: 100).elements }

    func confirmed(since: Timestamp = Samples.start) async throws -> [Settlement] {
        try await confirmed(since: since, before: JournalMark(.max), limit: 100).elements
    }
}
