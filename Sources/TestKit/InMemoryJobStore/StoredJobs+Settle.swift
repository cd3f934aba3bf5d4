import JobFlow

extension StoredJobs {
    /// Writes the end of a claim, if it still stands. Sending the same settlement again is harmless.
    mutating func settle(_ settlement: Settlement, on server: ServerIdentity, at now: Timestamp) -> SettleOutcome {
        guard var job = jobs[settlement.id] ?? restored(settlement, on: server, at: now) else { return .lost }
        if job.settledBy == settlement.token { return .known }
        if job.record.state == .cancelled, job.closed == settlement.token {
            // Too late to count, but its calls were made: the ledger has them.
            job.append(settlement.attempts)
            job.closed = nil
            jobs[settlement.id] = job
            return .lost
        }
        guard job.stands(settlement, on: server) else { return .lost }
        unqueue(settlement.id)
        if job.record.state.isTerminal { job.reopen() }
        job.epoch = settlement.epoch
        job.settledBy = settlement.token
        job.spent = settlement.spent
        job.rounds = settlement.rounds
        job.append(settlement.attempts)
        job.apply(settlement.verdict, at: now)
        jobs[settlement.id] = job
        if job.record.state == .queued { enqueue(settlement.id, at: now) }
        if job.record.state.isTerminal {
            keepAnswer(of: settlement, at: now)
            landed(settlement.id, at: now)
        }
        return .settled
    }

    /// The queue had this job, and lost it.
    private func restored(_ settlement: Settlement, on server: ServerIdentity, at now: Timestamp) -> StoredJob? {
        guard settlement.occasion == .restored, settlement.server != server else { return nil }
        var job = StoredJob(settlement.spec, at: now)
        job.body = []
        return job
    }
}

extension StoredJob {
    /// A record that is behind a claim of another life of the server has lost writes: the holder's word counts, and a later
    /// end that was confirmed even replaces an earlier one that came first.
    fileprivate func stands(_ settlement: Settlement, on server: ServerIdentity) -> Bool {
        if record.state.isTerminal, settlement.occasion != .restored || settlement.epoch <= epoch { return false }
        if settlement.epoch < epoch { return false }
        if settlement.epoch > epoch { return settlement.server != server }
        if settlement.occasion == .restored { return true }
        guard worker == settlement.worker else { return false }
        return record.state == .inProgress
            || (settlement.occasion == .late && settlement.verdict.terminalState == .completed)
    }

    /// Takes back an end that is replaced.
    fileprivate mutating func reopen() {
        (record.finishedAt, record.result, record.error, record.usage) = (nil, nil, nil, nil)
        record.webhook = nil
    }

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
        case .cancelled: enter(.cancelled, at: now)
        case .released(let delay) where delay <= .zero: enter(.queued, at: now)
        case .retry(let delay), .released(let delay):
            enter(.scheduled, at: now)
            record.nextAttemptAt = now + delay
        }
    }
}
