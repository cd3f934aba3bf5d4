import JobFlow

extension StoredJobs {
    /// Writes the end of a claim, if it still stands. Sending the same settlement again is harmless.
    mutating func settle(_ settlement: Settlement, at now: Timestamp) -> SettleOutcome {
        guard var job = jobs[settlement.id] else { return .lost }
        if job.settledBy == settlement.epoch { return .settled }
        guard job.isHeld(at: settlement.epoch) else { return .lost }
        job.settledBy = settlement.epoch
        job.spent = settlement.spent
        job.rounds = settlement.rounds
        job.append(settlement.attempts)
        job.apply(settlement.verdict, at: now)
        jobs[settlement.id] = job
        if job.record.state == .queued { enqueue(settlement.id, at: now) }
        return .settled
    }
}

extension StoredJob {
    fileprivate mutating func apply(_ verdict: Verdict, at now: Timestamp) {
        switch verdict {
        case .completed(let result, let usage):
            enter(.completed, at: now)
            record.result = result
            record.usage = usage
        case .failed(let error, let answer):
            enter(.failed, at: now)
            record.error = error
            record.result = answer
        case .expired: expire(at: now)
        case .released(let delay) where delay <= .zero: enter(.queued, at: now)
        case .retry(let delay), .released(let delay):
            enter(.scheduled, at: now)
            record.nextAttemptAt = now + delay
        }
    }
}
