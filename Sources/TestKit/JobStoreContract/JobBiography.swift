import JobFlow

/// What the random steps know of one job: enough to say what the store may answer next, and what it must not.
struct JobBiography {
    struct End: Equatable {
        var state: JobState
        var answer: [UInt8]?
    }

    let queue: String
    private(set) var epoch = 0
    /// Rows that settlements wrote; the store adds those of lost leases.
    private(set) var rows = 0
    private(set) var spent = 0
    private(set) var rounds = 0
    private(set) var settledBy: Int?
    private(set) var end: End?
    /// Since the claim, some lease was taken back; it may have been this one.
    private var mayBeOvertaken = false
    private var rowsAtClaim = 0

    init(queue: String) { self.queue = queue }

    var isHeld: Bool { end == nil && epoch > 0 && settledBy != epoch }

    mutating func claimed(_ claim: Claim) throws {
        try promise(end, is: nil)
        try promise(claim.epoch, is: epoch + 1)
        try promise(claim.spent, is: spent)
        try promise(claim.rounds, is: rounds)
        let abandoned = settledBy == epoch || epoch == 0 ? 0 : 1
        try promise(claim.attempts, is: rows + abandoned)
        rows = claim.attempts
        epoch = claim.epoch
        mayBeOvertaken = false
    }

    mutating func someLeaseWasTakenBack() { mayBeOvertaken = true }

    mutating func ended(_ state: JobState) throws {
        try promise(end, is: nil)
        if isHeld { rows += 1 }
        end = End(state: state)
    }

    mutating func settled(_ settlement: Settlement, _ outcome: SettleOutcome) throws {
        if settlement.epoch == settledBy { return try promise(outcome, is: .known) }
        guard end == nil, settlement.epoch == epoch else { return try promise(outcome, is: .lost) }
        guard outcome == .settled else { return try promise(mayBeOvertaken, "a claim that stood was refused") }
        settledBy = epoch
        rows += settlement.attempts.count
        spent = settlement.spent
        rounds = settlement.rounds
        end = End(settlement.verdict)
    }

    func check(_ record: JobRecord) throws {
        if let end {
            try promise(End(state: record.state, answer: record.result?.body), is: end)
            try promise(record.attempts, is: rows)
        } else {
            try promise(!record.state.isTerminal, "the job became \(record.state) behind everybody's back")
        }
        try promise(try record.rows().map(\.number), is: Array(1..<record.attempts + 1))
    }
}

extension JobBiography.End {
    fileprivate init?(_ verdict: Verdict) {
        switch verdict {
        case .completed(let result, _): self.init(state: .completed, answer: result.body)
        case .failed(_, let answer): self.init(state: .failed, answer: answer?.body)
        case .expired: self.init(state: .expired)
        case .cancelled: self.init(state: .cancelled)
        case .retry, .released: return nil
        }
    }
}
