import JobFlow

/// A job and what the queue knows of it.
struct StoredJob: Sendable {
    var record: JobRecord
    /// Counts the claims; the last one may write.
    var epoch = 0
    var spent = 0
    var rounds = 0
    /// Claims that ended with the worker's death.
    var crashes = 0
    var worker = ""
    var claimedAt: Timestamp?
    var leaseEnds: Timestamp?
    /// The claim that wrote the last settlement.
    var settledBy: Int?

    init(_ spec: JobSpec) { record = JobRecord(spec: spec, state: .queued) }

    var queue: String { record.spec.queue }
    var isWaiting: Bool { record.state == .queued || record.state == .scheduled }

    func isHeld(at epoch: Int) -> Bool { record.state == .inProgress && self.epoch == epoch }

    mutating func append(_ attempts: [Attempt]) {
        for attempt in attempts {
            if !record.ledger.isEmpty { record.ledger.append(UInt8(ascii: ",")) }
            record.ledger += attempt.encoded
        }
        record.attempts += attempts.count
    }

    /// Ends the claim and moves on; ended jobs get their time.
    mutating func enter(_ state: JobState, at now: Timestamp) {
        record.state = state
        record.nextAttemptAt = nil
        leaseEnds = nil
        worker = ""
        if state.isTerminal { record.finishedAt = now }
    }

    mutating func expire(at now: Timestamp) {
        enter(.expired, at: now)
        record.error = .deadlineExceeded
    }

    /// The row of a claim whose worker was heard of no more.
    mutating func abandon(at now: Timestamp) {
        append([
            Attempt(
                number: record.attempts + 1, endpoint: "", region: "", tier: "", worker: worker,
                startedAt: claimedAt ?? now, endedAt: now, outcome: .abandoned, reason: "lease_expired", billed: .maybe)
        ])
        crashes += 1
    }
}
