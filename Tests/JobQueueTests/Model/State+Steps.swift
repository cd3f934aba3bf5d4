extension Model.State {
    /// The state after `step`; nil where it cannot be taken or makes no difference.
    func after(_ step: Model.Step, _ rules: Model.Rules) -> Model.State? {
        guard step.fault == nil || faultsLeft > 0 else { return nil }
        var next = self
        guard next.take(step, rules) else { return nil }
        next.forgetRounds()
        guard next != self else { return nil }
        if step.fault != nil { next.faultsLeft -= 1 }
        if next.winner == nil { next.winner = next.server.readable(rules) }
        return next
    }

    /// Returns false where the step cannot be taken.
    private mutating func take(_ step: Model.Step, _ rules: Model.Rules) -> Bool {
        switch step {
        case .accept: accept()
        case .submit(let delivery): submit(delivery, rules)
        case .claim(let party, let delivery): claim(party, delivery, rules)
        case .renew(let party): renew(party, rules)
        case .finish(let party): finish(party)
        case .retry(let party): retry(party)
        case .settle(let party, let open, let delivery): settle(party, open, delivery, rules)
        case .cancel(let delivery): cancel(delivery, rules)
        case .crash(let party): crash(party, rules)
        case .leaseEnds: endLease(ofHolder: false)
        case .suspension: endLease(ofHolder: true)
        case .takeBack: takeBack(rules)
        case .promote: promote(rules)
        case .strayArrives: executeStray(rules)
        case .saveToDisk: saveToDisk()
        case .loseWrites: loseWrites(rules)
        case .restore(let party, let delivery): restore(party, delivery, rules)
        case .arrive(let party): arrive(party, rules)
        }
    }
}
