extension Model.State {
    /// Rounds count on for ever, but all that matters is whether the one that waits was answered. States that differ in
    /// no more than the number are made equal.
    mutating func forgetRounds() {
        for party in Model.Party.workers where !isAstray(party) {
            let waiting = self[party].isWaiting ? self[party].round : nil
            server.forgetRounds(of: party, but: waiting)
            disk?.forgetRounds(of: party, but: waiting)
            self[party].round = waiting == nil ? 0 : 1
        }
    }

    private func isAstray(_ party: Model.Party) -> Bool {
        if case .claim(let name, _) = stray { name.party == party } else { false }
    }
}

extension Model.Server {
    fileprivate mutating func forgetRounds(of party: Model.Party, but waiting: Int?) {
        guard let last = answered[party.rawValue] else { return }
        answered[party.rawValue] = last.round == waiting ? Answered(round: 1, claim: last.claim) : nil
    }
}
