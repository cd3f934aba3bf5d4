import JobFlow

/// How many answers were paid for and not used, and whether each has its reason.
enum SpendingCheck {
    static func violations(_ evidence: Evidence) -> [String] {
        evidence.jobs.flatMap(violations) + overall(evidence)
    }

    /// Paid answers beyond the one that is the job's result.
    static func extra(_ job: Evidence.JobEvidence) -> Int {
        guard !job.isAlias else { return 0 }
        return job.calls.count(where: \.isPaid) - (job.state == .completed ? 1 : 0)
    }

    static func extra(_ evidence: Evidence) -> Int { evidence.jobs.reduce(0) { $0 + max(0, extra($1)) } }

    /// The most that the faults of the round can have cost (`FaultRecord.exposure`), and one answer for each job that its
    /// client cancelled.
    static func allowance(_ evidence: Evidence) -> Int {
        evidence.faults.reduce(0) { $0 + $1.exposure } + evidence.jobs.count { $0.state == .cancelled }
    }

    /// Leases that ran out while no fault was at work: the machine was so slow that a renewal came too late.
    static func stalls(_ evidence: Evidence) -> Int {
        evidence.jobs.flatMap(\.ledger).count { row in
            row.outcome == .abandoned
                && !evidence.faults.contains { $0.from <= row.endedAt && $0.to >= row.startedAt }
        }
    }

    /// Calls that a worker began for a claim that it had lost, before it heard so. (What it called for a later claim of the
    /// same job is in the ledger.)
    static func late(_ job: Evidence.JobEvidence) -> Int {
        let lost = job.ledger.filter { $0.outcome == .abandoned }
        return job.audit.count { row in
            !row.endpoint.isEmpty && !job.ledger.contains(row)
                && lost.contains { $0.worker == row.worker && $0.endedAt <= row.startedAt }
        }
    }

    private static func violations(_ job: Evidence.JobEvidence) -> [String] {
        guard !job.isAlias, job.state != nil else { return [] }
        let extra = extra(job)
        if extra < 0 { return ["unpaid: \(job.id) is completed, and the simulator never answered it"] }
        let reasons = reasons(job)
        guard extra > reasons else { return [] }
        return ["spent: \(job.id) has \(extra) answers too many, and reasons for \(reasons)"]
    }

    /// An answer that was heard ends its claim. So each lost claim explains one: an answer that is in the audit log and did
    /// not become the result, or a row `abandoned` whose worker came to audit no such answer. Then there are answers that
    /// were paid for and not heard, as their rows say; and a cancelled job's call may be answered while it is closed.
    private static func reasons(_ job: Evidence.JobEvidence) -> Int {
        let unused = job.audit.filter { $0.outcome == .completed && !job.ledger.contains($0) }
        let abandoned = job.ledger.filter { row in
            row.outcome == .abandoned && !unused.contains { $0.worker == row.worker && $0.number >= row.number }
        }
        let unheard = LedgerMatch(job.ledger, job.calls).unheard + LedgerCheck.onlyInAudit(job).unheard
        return unused.count + abandoned.count + unheard.count + (job.state == .cancelled ? 1 : 0)
    }

    private static func overall(_ evidence: Evidence) -> [String] {
        let (extra, allowance, stalls) = (extra(evidence), allowance(evidence), stalls(evidence))
        guard extra > allowance + stalls else { return [] }
        return ["spent: \(extra) answers too many in all; the faults explain \(allowance), slow renewals \(stalls)"]
    }
}
