extension Model {
    /// The rules of the protocol, each of which can be taken out.
    struct Guards: OptionSet, Hashable {
        let rawValue: Int

        static let all = Guards(rawValue: 1 << 24 - 1)
    }
}

/// Claims and settlements.
extension Model.Guards {
    /// A settlement or a renewal names the epoch of its claim.
    static let epoch = Self(rawValue: 1 << 0)
    /// And its owner: a server that lost writes hands an epoch out twice.
    static let owner = Self(rawValue: 1 << 1)
    /// A job that has ended is not held again.
    static let terminal = Self(rawValue: 1 << 2)
    /// A settlement that was written is confirmed when it is sent again.
    static let settledToken = Self(rawValue: 1 << 3)
    /// A round that is asked for again is answered with the same claim, while that stands.
    static let claimRound = Self(rawValue: 1 << 4)
    /// And with no other claim.
    static let spentRounds = Self(rawValue: 1 << 5)
    /// A stream entry claims a job that is queued, and no other.
    static let ghosts = Self(rawValue: 1 << 6)
    /// A lease that ran out gives the job back.
    static let takeBack = Self(rawValue: 1 << 7)
    /// An answer whose claim was taken back is welcome while nobody else has claimed the job.
    static let replay = Self(rawValue: 1 << 8)
    /// A cancellation claims the job, is journaled, and settles, as an answer does.
    static let claimedCancel = Self(rawValue: 1 << 9)
    /// So does the burial of a job that has cost too many leases.
    static let claimedBurial = Self(rawValue: 1 << 10)
}

/// Journals.
extension Model.Guards {
    /// The intake journals a job before it answers 202.
    static let journaledJob = Self(rawValue: 1 << 11)
    /// The intake submits again to a server that has not confirmed the job.
    static let resubmit = Self(rawValue: 1 << 12)
    /// An outcome is journaled before it is settled.
    static let journaledOutcome = Self(rawValue: 1 << 13)
}

/// After a server has lost its last writes.
extension Model.Guards {
    /// Whoever has not told it what his journal knows neither claims nor settles.
    static let gate = Self(rawValue: 1 << 14)
    /// Nobody does before all have told.
    static let wholeGate = Self(rawValue: 1 << 15)
    /// The intake is one of them.
    static let intakeGate = Self(rawValue: 1 << 16)
    /// Until then no end is shown to clients.
    static let closedReads = Self(rawValue: 1 << 17)
    /// Who they are is not lost with the writes.
    static let durableMembers = Self(rawValue: 1 << 18)
    /// Confirmed outcomes are told again, not only open ones.
    static let restore = Self(rawValue: 1 << 19)
    /// So are answers that came too late: what they came too late for may be lost.
    static let lateAnswers = Self(rawValue: 1 << 20)
    /// Of the outcomes that are told, that of the highest epoch stays, in whatever order they come.
    static let highestEpoch = Self(rawValue: 1 << 21)
    /// A record that is missing is written by whoever knows of its outcome or holds its job.
    static let missing = Self(rawValue: 1 << 22)
    /// A claim that runs stands again in a record that has forgotten it.
    static let reassert = Self(rawValue: 1 << 23)

    /// What it takes to have one end, and to lose no answer, across lost writes; without any, it is needed for nothing.
    static let overLostWrites: Self = [
        .wholeGate, .closedReads, .durableMembers, .highestEpoch, .lateAnswers, .claimedCancel, .claimedBurial,
    ]
}
