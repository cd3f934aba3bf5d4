import JobFlow

/// Every call that the simulator saw is a row of the ledger, or belongs to a claim that was lost; no row claims a call that
/// the simulator did not see.
enum LedgerCheck {
    static func violations(_ evidence: Evidence) -> [String] { evidence.jobs.flatMap(violations) }

    /// Calls that are not in the queue's ledger but in the audit log: of claims that were lost after their call.
    static func onlyAudited(_ evidence: Evidence) -> Int {
        evidence.jobs.reduce(0) { sum, job in
            let inLedger = LedgerMatch(job.ledger, job.calls).calls
            return sum + inLedger.count - unaccounted(job).count
        }
    }

    /// Calls that neither the ledger nor the audit log has.
    static func unaccounted(_ job: Evidence.JobEvidence) -> [SimulatedCall] { onlyInAudit(job).calls }

    /// The audit log's further rows, against the calls that are not in the ledger.
    static func onlyInAudit(_ job: Evidence.JobEvidence) -> LedgerMatch {
        let inLedger = LedgerMatch(job.ledger, job.calls)
        return LedgerMatch(job.audit.filter { !job.ledger.contains($0) }, inLedger.calls)
    }

    private static func violations(_ job: Evidence.JobEvidence) -> [String] {
        guard !job.isAlias, job.state != nil else { return [] }
        let invented = LedgerMatch(job.ledger, job.calls).invented.map {
            "invented: \(job.id) row \($0.number) at \($0.endpoint) \($0.upstreamRequestID ?? "") was never answered so"
        }
        let uncovered = unaccounted(job).filter { !isCovered($0, by: job) }.map {
            "unrecorded: \(job.id) call \($0.attempt) at \($0.endpoint), \($0.outcome), \($0.requestID)"
        }
        return invented + uncovered
    }

    /// A lost claim is a row `abandoned`; its calls were numbered from that row's number on. A cancelled job's last call
    /// needs no row: its end was written by another hand.
    private static func isCovered(_ call: SimulatedCall, by job: Evidence.JobEvidence) -> Bool {
        if job.state == .cancelled { return true }
        return (job.ledger + job.audit).contains { $0.outcome == .abandoned && $0.number <= call.attempt }
    }
}
