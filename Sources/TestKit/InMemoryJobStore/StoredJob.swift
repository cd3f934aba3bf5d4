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
    var settledBy: ClaimToken?
    /// The claim that a cancellation took away; its calls are still added to the ledger.
    var closed: ClaimToken?
    /// When it came to its state.
    var enteredAt: Timestamp
    var body: [UInt8]
    /// It has waited for the answer of an equal job.
    var isParked = false
    /// What came of it, if it is streamed, and how many bytes of the last attempt that was.
    var log: [JobEvent] = []
    var logged = 0

    init(_ spec: JobSpec, at now: Timestamp) {
        record = JobRecord(spec: spec, state: .queued)
        enteredAt = now
        body = spec.body
    }

    var queue: String { record.spec.queue }
    var isWaiting: Bool { record.state == .queued || record.state == .scheduled }

    func isHeld(by token: ClaimToken) -> Bool {
        record.state == .inProgress && epoch == token.epoch && worker == token.worker
    }

    var standing: JobStanding { JobStanding(state: record.state, epoch: epoch, attempts: record.attempts) }

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
        enteredAt = now
        record.nextAttemptAt = nil
        leaseEnds = nil
        worker = ""
        if state.isTerminal { record.finishedAt = now }
    }

    mutating func expire(at now: Timestamp) {
        enter(.expired, at: now)
        record.error = .deadlineExceeded
    }

    /// Adds the row of a claim whose worker was heard of no more.
    mutating func abandon(at now: Timestamp) -> ReclaimedJob {
        let row = Attempt(
            number: record.attempts + 1, endpoint: "", region: "", tier: "", worker: worker,
            startedAt: claimedAt ?? now, endedAt: now, outcome: .abandoned, reason: "lease_expired", billed: .maybe)
        append([row])
        crashes += 1
        var spec = record.spec
        spec.body = []
        return ReclaimedJob(spec: spec, attempt: row)
    }
}

/// What fences a claim.
struct ClaimToken: Hashable, Sendable {
    var epoch: Int
    var worker: String
}

extension Claim {
    var token: ClaimToken { ClaimToken(epoch: epoch, worker: worker) }
}

extension Settlement {
    var token: ClaimToken { ClaimToken(epoch: epoch, worker: worker) }
}
