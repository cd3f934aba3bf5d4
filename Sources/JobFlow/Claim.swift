/// A job in the hands of one worker.
package struct Claim: Sendable, Equatable {
    package private(set) var job: Shared<JobSpec>
    /// Counts the claims of this job. It fences every later write: an older epoch changes nothing.
    package var epoch: Int
    /// Rows in the ledger before this claim.
    package var attempts: Int
    /// Attempts that counted against `maxAttempts` before this claim.
    package var spent: Int
    /// Rounds over the pool that ended in a wait; the exponent of the next one.
    package var rounds: Int
    /// Who holds it. Part of the fence: a server that lost its last writes hands the same epoch out twice.
    package var worker: String
    /// The server that the claim was made on.
    package var server: ServerIdentity
    /// What an equal job was answered: this one needs no call.
    package var stored: StoredAnswer?

    package var spec: JobSpec {
        @inlinable _read { yield job.value }
        set { job = Shared(newValue) }
    }

    package init(
        spec: JobSpec, epoch: Int, attempts: Int = 0, spent: Int = 0, rounds: Int = 0, worker: String = "",
        server: ServerIdentity = ServerIdentity("")
    ) {
        job = Shared(spec)
        self.epoch = epoch
        self.attempts = attempts
        self.spent = spent
        self.rounds = rounds
        self.worker = worker
        self.server = server
    }
}

/// What one visit to a partition brought.
package struct ClaimRound: Sendable {
    package var claims: [Claim]
    /// Jobs are left in the streams of queues that may take more in one visit.
    package var hasMore: Bool
    /// When the next waiting retry is due, if one waits.
    package var nextDueIn: Duration?
    /// Leases of dead workers that were taken back in this visit.
    package var reclaimed: [ReclaimedJob]
    /// Jobs that this visit ended: their deadline had passed, or they had killed too many workers.
    package var ended: [EndedJob]
    /// How many live jobs have a deadline within each of `DeadlineHorizon.all`; empty where no job has one.
    package var deadlines: [Int] = []

    package init(
        claims: [Claim] = [], hasMore: Bool = false, nextDueIn: Duration? = nil, reclaimed: [ReclaimedJob] = [],
        ended: [EndedJob] = []
    ) {
        self.claims = claims
        self.hasMore = hasMore
        self.nextDueIn = nextDueIn
        self.reclaimed = reclaimed
        self.ended = ended
    }
}

/// A job whose worker was heard of no more.
package struct ReclaimedJob: Sendable, Equatable {
    /// Without its body.
    package var spec: JobSpec
    /// The row that its ledger got.
    package var attempt: Attempt

    package init(spec: JobSpec, attempt: Attempt) {
        self.spec = spec
        self.attempt = attempt
    }

    /// The row for the audit log.
    package var audited: AuditedAttempt {
        AuditedAttempt(job: spec.id, queue: spec.queue, correlationID: spec.correlationID, attempt: attempt)
    }
}

/// A job that ended while no worker held it: its deadline passed, or it had killed too many workers.
package struct EndedJob: Sendable, Equatable {
    /// Without its body.
    package var spec: JobSpec
    /// The last claim of the job.
    package var epoch: Int
    package var verdict: Verdict

    package var id: JobID { spec.id }
    package var queue: String { spec.queue }
    package var state: JobState? { verdict.terminalState }

    package init(spec: JobSpec, epoch: Int, verdict: Verdict) {
        self.spec = spec
        self.epoch = epoch
        self.verdict = verdict
    }
}

/// How far ahead the queue counts deadlines.
package enum DeadlineHorizon {
    package static let all: [Duration] = [10, 30, 60, 300, 900, 3600, 14_400, 86_400].map { .seconds($0) }
}
