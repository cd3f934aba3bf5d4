/// How a server that has lost writes is told what the journals know.
extension Model.State {
    mutating func restore(_ party: Model.Party, _ delivery: Model.Delivery, _ rules: Model.Rules) -> Bool {
        guard !server.present.contains(Model.Parties(party)),
            let index = self[party].rows.firstIndex(where: { isUntold($0, rules) })
        else { return false }
        var row = self[party].rows[index]
        let counts = server.restore(row, rules)
        guard delivery == .answered else { return true }
        row.server = server.identity
        switch row.standing {
        case .open: break
        case .confirmed: row.standing = counts ? .confirmed : .lost
        // Another journal may know better: that shows when it is settled.
        case .lost: row.standing = counts ? .open : .lost
        }
        self[party].correct(index, row)
        return true
    }

    private func isUntold(_ row: Model.Row, _ rules: Model.Rules) -> Bool {
        guard row.server != server.identity else { return false }
        return switch row.standing {
        case .open: true
        case .confirmed: rules.has(.restore)
        case .lost: rules.has(.lateAnswers) && row.isAnswer
        }
    }

    mutating func arrive(_ party: Model.Party, _ rules: Model.Rules) -> Bool {
        guard !server.present.contains(Model.Parties(party)), !hasMoreToTell(party, rules) else { return false }
        server.members.insert(Model.Parties(party))
        server.present.insert(Model.Parties(party))
        return true
    }

    private func hasMoreToTell(_ party: Model.Party, _ rules: Model.Rules) -> Bool {
        if self[party].rows.contains(where: { isUntold($0, rules) }) { return true }
        if let run = self[party].run, run.server != server.identity { return true }
        return party == .intake && isJournaled && rules.has(.resubmit) && submittedTo != server.identity
    }
}
