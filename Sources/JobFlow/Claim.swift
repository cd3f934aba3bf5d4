/// A job in the hands of one worker.
package struct Claim: Sendable, Equatable {
    package var spec: JobSpec
    /// Counts the claims of this job. It fences every later write: an older epoch changes nothing.
    package var epoch: Int
    /// Rows in the ledger before this claim.
    package var attempts: Int
    /// Attempts that counted against `maxAttempts` before this claim.
    package var spent: Int
    /// Rounds over the pool that ended in a wait; the exponent of the next one.
    package var rounds: Int

    package init(spec: JobSpec, epoch: Int, attempts: Int = 0, spent: Int = 0, rounds: Int = 0) {
        self.spec = spec
        self.epoch = epoch
        self.attempts = attempts
        self.spent = spent
        self.rounds = rounds
    }
}

/// What one visit to a partition brought.
package struct ClaimRound: Sendable {
    package var claims: [Claim]
    /// Jobs are left in the streams.
    package var hasMore: Bool
    /// When the next waiting retry is due, if one waits.
    package var nextDueIn: Duration?
    /// Leases of dead workers that were taken back in this visit.
    package var reclaimed: Int
    /// Jobs that this visit ended: their deadline had passed, or they had killed too many workers.
    package var ended: [EndedJob]

    package init(
        claims: [Claim] = [], hasMore: Bool = false, nextDueIn: Duration? = nil, reclaimed: Int = 0,
        ended: [EndedJob] = []
    ) {
        self.claims = claims
        self.hasMore = hasMore
        self.nextDueIn = nextDueIn
        self.reclaimed = reclaimed
        self.ended = ended
    }
}

/// A job that ended while no worker held it.
package struct EndedJob: Sendable, Equatable {
    package var id: JobID
    package var queue: String
    package var state: JobState

    package init(id: JobID, queue: String, state: JobState) {
        self.id = id
        self.queue = queue
        self.state = state
    }
}
