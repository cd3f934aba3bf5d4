import Testing

/// A protocol that lacks a rule, and what becomes of that.
struct Mutation: CustomTestStringConvertible {
    let testDescription: String
    let rules: Model.Rules
    let violation: Model.Violation

    init(
        _ testDescription: String, without guards: Model.Guards, faults: Int, kinds: Model.Faults = .all,
        rollbacks: Int = 0, poison: Int = 2, _ violation: Model.Violation
    ) {
        self.testDescription = testDescription
        rules = Model.Rules(
            guards: .all.subtracting(guards), faults: faults, kinds: kinds, rollbacks: rollbacks, poison: poison)
        self.violation = violation
    }

    static let claims = [
        Mutation("epoch", without: .epoch, faults: 1, rollbacks: 1, .twoWinners),
        Mutation("terminal", without: .terminal, faults: 1, .endUndone),
        Mutation("settled token", without: .settledToken, faults: 1, .misled),
        Mutation("claim round", without: .claimRound, faults: 1, .orphan),
        Mutation("spent rounds", without: .spentRounds, faults: 2, .orphan),
        Mutation("ghosts", without: .ghosts, faults: 1, .endUndone),
        Mutation("take back", without: .takeBack, faults: 1, .lostJob),
        Mutation("replay", without: .replay, faults: 1, .givenUp),
        Mutation("claimed cancel", without: .claimedCancel, faults: 1, rollbacks: 1, .twoWinners),
        Mutation("claimed burial", without: .claimedBurial, faults: 1, rollbacks: 1, poison: 1, .twoWinners),
    ]

    static let journals = [
        Mutation("journaled job", without: .journaledJob, faults: 1, .lostJob),
        Mutation("resubmit", without: .resubmit, faults: 0, rollbacks: 1, .lostJob),
        Mutation(
            "journaled outcome", without: .journaledOutcome, faults: 2, kinds: [.crash, .lostReply], rollbacks: 1,
            .twoWinners),
    ]

    static let reconciling = [
        Mutation("gate", without: [.gate, .wholeGate], faults: 0, rollbacks: 1, .twoWinners),
        Mutation("whole gate", without: .wholeGate, faults: 0, rollbacks: 1, .twoWinners),
        Mutation("intake gate", without: .intakeGate, faults: 1, rollbacks: 1, .twoWinners),
        Mutation("closed reads", without: .closedReads, faults: 1, kinds: .suspension, rollbacks: 1, .twoWinners),
        Mutation("durable members", without: .durableMembers, faults: 0, rollbacks: 1, .twoWinners),
        Mutation("restore", without: .restore, faults: 0, rollbacks: 1, .twoWinners),
        Mutation("late answers", without: .lateAnswers, faults: 1, rollbacks: 1, .givenUp),
        Mutation("highest epoch", without: .highestEpoch, faults: 1, kinds: .suspension, rollbacks: 1, .twoWinners),
        Mutation("missing", without: .missing, faults: 0, rollbacks: 1, .twoWinners),
        Mutation("reassert", without: .reassert, faults: 0, rollbacks: 1, .givenUp),
    ]
}
