/// What becomes of a claimed job. Decided once, by a pure function, and settled once.
package enum Verdict: Sendable, Equatable {
    case completed(JobResult, TokenUsage?)
    /// Wait so long without holding a worker, then run again.
    case retry(after: Duration)
    case failed(JobError, answer: JobResult?)
    case expired
    /// Give it back untouched; it runs again after the delay (zero: at once). No attempt is charged.
    case released(after: Duration)
}

/// The end of one claim, as the queue writes it.
package struct Settlement: Sendable, Equatable {
    package var id: JobID
    package var queue: String
    package var epoch: Int
    package var verdict: Verdict
    /// The rows of this claim, oldest first.
    package var attempts: [Attempt]
    /// Attempts charged to `maxAttempts`, over the whole life of the job.
    package var spent: Int
    package var rounds: Int

    package init(claim: Claim, verdict: Verdict, attempts: [Attempt], spent: Int, rounds: Int) {
        self.id = claim.spec.id
        self.queue = claim.spec.queue
        self.epoch = claim.epoch
        self.verdict = verdict
        self.attempts = attempts
        self.spent = spent
        self.rounds = rounds
    }
}

/// Whether a settlement was written, or came too late to be.
package enum SettleOutcome: Sendable, Equatable {
    case settled
    /// Somebody else holds the job, or it has ended: nothing was written.
    case lost
}
