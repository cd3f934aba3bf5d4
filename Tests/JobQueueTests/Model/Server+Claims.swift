/// The scripts that give the job to a holder.
extension Model.Server {
    /// Whether the record stands under this claim.
    func holds(_ token: Model.Token, _ rules: Model.Rules) -> Bool {
        guard let record, record.standing == .inProgress else { return false }
        return (!rules.has(.epoch) || record.epoch == token.epoch)
            && (!rules.has(.owner) || record.owner == token.owner)
    }

    private mutating func hold(_ token: Model.Token) -> Model.Token {
        record?.standing = .inProgress
        record?.epoch = token.epoch
        record?.owner = token.owner
        record?.lease = .valid
        return token
    }

    mutating func claim(_ name: Model.Name, round: Int, _ rules: Model.Rules) -> Model.Token? {
        let party = name.party.rawValue
        if let last = answered[party], last.round >= round {
            if rules.has(.claimRound), last.round == round, let claim = last.claim, holds(claim, rules) {
                return hold(claim)
            }
            if rules.has(.spentRounds) { return nil }
        }
        let claim = pop(name, rules)
        answered[party] = Answered(round: round, claim: claim)
        return claim
    }

    private mutating func pop(_ name: Model.Name, _ rules: Model.Rules) -> Model.Token? {
        while entries > 0 {
            entries -= 1
            guard let record, record.standing == .queued || !rules.has(.ghosts) else { continue }
            return hold(Model.Token(epoch: record.epoch + 1, owner: name))
        }
        return nil
    }

    /// Extends a lease, or brings a claim back that the server has lost. Returns whether it stands.
    mutating func renew(_ token: Model.Token, _ rules: Model.Rules) -> Bool {
        guard holds(token, rules) || hasForgotten(token, rules) else { return false }
        if record == nil { record = Record() }
        _ = hold(token)
        return true
    }

    private func hasForgotten(_ token: Model.Token, _ rules: Model.Rules) -> Bool {
        guard rules.has(.reassert) else { return false }
        guard let record else { return rules.has(.missing) }
        return record.epoch < token.epoch && (record.end == nil || !rules.has(.terminal))
    }

    /// A client's cancellation takes the claim from whoever has it.
    mutating func cancel(_ name: Model.Name, _ rules: Model.Rules) -> Model.Token? {
        guard let record, record.end == nil || !rules.has(.terminal) else { return nil }
        if rules.has(.claimedCancel) { return hold(Model.Token(epoch: record.epoch + 1, owner: name)) }
        let token = Model.Token(epoch: record.epoch, owner: name)
        write(token, .ended(.cancelled))
        return token
    }
}
