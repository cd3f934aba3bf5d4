import JobFlow

/// The audit log has every call of the queue's ledger, as it stands there. It may have more: calls of lost claims.
enum AuditCheck {
    static func violations(_ evidence: Evidence) -> [String] {
        evidence.jobs.filter { !$0.isUnaudited }.flatMap { job in
            missing(job).map { "not audited: \(job.id) row \($0.number) at \($0.endpoint), \($0.outcome.rawValue)" }
        }
    }

    /// Rows that could not be audited, as the log says, because the disk was full.
    static func missingWhileFull(_ evidence: Evidence) -> Int {
        evidence.jobs.filter(\.isUnaudited).reduce(0) { $0 + missing($1).count }
    }

    private static func missing(_ job: Evidence.JobEvidence) -> [Attempt] {
        guard !job.isAlias else { return [] }
        return job.ledger.filter { !$0.endpoint.isEmpty && !job.audit.contains($0) }
    }
}
