/// What becomes of a claimed job. Decided once, by a pure function, and settled once.
package enum Verdict: Sendable, Equatable {
    case completed(JobResult, TokenUsage?)
    /// Wait so long without holding a worker, then run again.
    case retry(after: Duration)
    case failed(JobError, answer: JobResult?)
    case expired
    /// Give it back untouched; it runs again after the delay (zero: at once). No attempt is charged.
    case released(after: Duration)
    /// A client asked for it. No worker decides this.
    case cancelled

    /// The state in which the job stays; nil when it goes on.
    package var terminalState: JobState? {
        switch self {
        case .completed: .completed
        case .failed: .failed
        case .expired: .expired
        case .cancelled: .cancelled
        case .retry, .released: nil
        }
    }
}

/// The end of one claim, as the queue writes it.
package struct Settlement: Sendable, Equatable {
    package private(set) var job: Shared<JobSpec>
    package var epoch: Int
    package var worker: String
    /// The server that the claim was made on. Only another one can have forgotten the claim.
    package var server: ServerIdentity
    package var verdict: Verdict
    /// The rows of this claim, oldest first.
    package var attempts: [Attempt]
    /// Attempts charged to `maxAttempts`, over the whole life of the job.
    package var spent: Int
    package var rounds: Int
    package var occasion = Occasion.claim

    package var spec: JobSpec {
        @inlinable _read { yield job.value }
        set { job = Shared(newValue) }
    }
    package var id: JobID { spec.id }
    package var queue: String { spec.queue }

    /// The attempts as rows of the audit log.
    package var auditedAttempts: [AuditedAttempt] {
        attempts.map {
            AuditedAttempt(job: spec.id, queue: spec.queue, correlationID: spec.correlationID, attempt: $0)
        }
    }

    /// How much the queue takes on the word of the settlement.
    package enum Occasion: String, Sendable {
        /// The holder settles: the claim has to stand.
        case claim
        /// It was kept in the journal while the queue could not be reached. An answer still counts if nobody has claimed
        /// the job since: it is paid for.
        case late
        /// The queue had written it, and lost it: it is written again unless the job has ended or a later claim stands.
        case restored
    }

    package init(
        spec: JobSpec, epoch: Int, worker: String, server: ServerIdentity = ServerIdentity(""), verdict: Verdict,
        attempts: [Attempt] = [], spent: Int = 0, rounds: Int = 0, occasion: Occasion = .claim
    ) {
        self.init(
            job: Shared(spec), epoch: epoch, worker: worker, server: server, verdict: verdict, attempts: attempts,
            spent: spent, rounds: rounds, occasion: occasion)
    }

    private init(
        job: Shared<JobSpec>, epoch: Int, worker: String, server: ServerIdentity, verdict: Verdict, attempts: [Attempt],
        spent: Int, rounds: Int, occasion: Occasion
    ) {
        self.job = job
        self.epoch = epoch
        self.worker = worker
        self.server = server
        self.verdict = verdict
        self.attempts = attempts
        self.spent = spent
        self.rounds = rounds
        self.occasion = occasion
    }

    package init(claim: Claim, verdict: Verdict, attempts: [Attempt], spent: Int, rounds: Int) {
        self.init(
            job: claim.job, epoch: claim.epoch, worker: claim.worker, server: claim.server, verdict: verdict,
            attempts: attempts, spent: spent, rounds: rounds, occasion: .claim)
    }
}

/// Whether a settlement was written, or came too late to be.
package enum SettleOutcome: Sendable, Equatable {
    case settled
    /// It had been written before; nothing was written now.
    case known
    /// Somebody else holds the job, or it has ended: nothing was written.
    case lost

    /// Whether the queue has it.
    package var isWritten: Bool { self != .lost }
}
