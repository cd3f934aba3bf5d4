import JobFlow

extension Settlement {
    /// A job that is given the answer of an equal one: its ledger says so in one row, and nothing is billed for it. The
    /// tokens are those of the call that was made.
    init(serving stored: StoredAnswer, to claim: Claim, worker: String, at now: Timestamp) {
        let row = Attempt(
            number: claim.attempts + 1, endpoint: stored.endpoint, region: "", tier: "", worker: worker, startedAt: now,
            endedAt: now, outcome: .completed, statusCode: stored.statusCode, reason: stored.servedBy.rawValue,
            billed: .no)
        self.init(
            claim: claim, verdict: .completed(stored.result, nil), attempts: [row], spent: claim.spent,
            rounds: claim.rounds)
    }
}

/// Whether a job was answered without a call of its own.
enum CacheOutcome: String, CaseIterable, Sendable {
    case hit, coalesced, stale, miss
    /// Its client, or worker.json, wants it called for.
    case off

    init(_ verdict: Verdict, of spec: JobSpec) {
        guard spec.reuse != nil else {
            self = .off
            return
        }
        guard case .completed(let result, _) = verdict else {
            self = .miss
            return
        }
        switch result.servedBy {
        case .endpoint: self = .miss
        case .cache: self = .hit
        case .coalesced: self = .coalesced
        case .stale: self = .stale
        }
    }
}

extension Attempt {
    /// False for a row that stands for the answer of an equal job.
    var isCall: Bool { reason.flatMap(JobResult.ServedBy.init) == nil }
}
