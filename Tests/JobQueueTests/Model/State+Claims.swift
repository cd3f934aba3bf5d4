/// How a worker comes by a claim, keeps it and loses it. The intake is a holder too while it cancels.
extension Model.State {
    mutating func claim(_ party: Model.Party, _ delivery: Model.Delivery, _ rules: Model.Rules) -> Bool {
        guard self[party].run == nil, server.admits(party, rules), beginRound(party) else { return false }
        let round = self[party].round
        if delivery == .stray { return goAstray(.claim(name(party), round: round)) }
        let token = server.claim(name(party), round: round, rules)
        guard delivery == .answered else { return true }
        self[party].isWaiting = false
        guard let token else { return true }
        let isPoison = server.isPoison(rules) && rules.has(.claimedBurial)
        self[party].run = Model.Run(token: token, isPoison: isPoison, server: server.identity)
        return true
    }

    /// A round that was not answered is asked for again. One that finds nothing changes nothing and is left out.
    private mutating func beginRound(_ party: Model.Party) -> Bool {
        if self[party].isWaiting { return true }
        let open = self[party].rows.count { $0.standing == .open }
        guard server.entries > 0, open < 2, party == .first || firstHasBegun else { return false }
        self[party].isWaiting = true
        self[party].round += 1
        return true
    }

    /// The workers are alike: let the first be the one that claims first.
    private var firstHasBegun: Bool {
        server.identity > 0 || (server.record?.epoch ?? 0) > 0 || self[.first].isWaiting || self[.first].life > 0
    }

    mutating func renew(_ party: Model.Party, _ rules: Model.Rules) -> Bool {
        guard var run = self[party].run else { return false }
        run.server = server.identity
        self[party].run = server.renew(run.token, rules) ? run : nil
        return true
    }

    /// The process comes back at once. One that stays away is one that takes no further step.
    mutating func crash(_ party: Model.Party, _ rules: Model.Rules) -> Bool {
        guard hasToLose(party, rules) else { return false }
        if party == .intake {
            submittedTo = nil
            if !rules.has(.journaledJob) { isJournaled = false }
        }
        self[party].life += 1
        self[party].run = nil
        self[party].isWaiting = false
        if !rules.has(.journaledOutcome) { self[party].rows.removeAll { $0.standing == .open } }
        return true
    }

    private func hasToLose(_ party: Model.Party, _ rules: Model.Rules) -> Bool {
        let process = self[party]
        if process.run != nil || process.isWaiting || process.rows.contains(where: { $0.standing == .open }) {
            return true
        }
        return party == .intake && (submittedTo != nil || (isJournaled && !rules.has(.journaledJob)))
    }
}
