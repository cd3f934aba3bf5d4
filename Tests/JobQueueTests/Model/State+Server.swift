/// What happens to the server and to the requests on their way.
extension Model.State {
    mutating func endLease(ofHolder isKnown: Bool) -> Bool {
        guard server.record?.lease == .valid, holderKnows == isKnown else { return false }
        server.record?.lease = .expired
        return true
    }

    /// Whether the holder of the claim that the record stands under knows of it, or will when it asks again.
    var holderKnows: Bool {
        guard let record = server.record, let owner = record.owner, name(owner.party) == owner else { return false }
        let holder = self[owner.party]
        let token = Model.Token(epoch: record.epoch, owner: owner)
        if holder.run?.token == token { return true }
        if holder.rows.contains(where: { $0.token == token && $0.standing == .open }) { return true }
        return holder.isWaiting && server.answered[owner.party.rawValue]?.round == holder.round
    }

    mutating func takeBack(_ rules: Model.Rules) -> Bool {
        guard rules.has(.takeBack), server.record?.lease == .expired, server.isOpen(rules) else { return false }
        server.takeBack(rules)
        return true
    }

    mutating func promote(_ rules: Model.Rules) -> Bool {
        guard server.isDue, server.isOpen(rules) else { return false }
        server.promote()
        return true
    }

    mutating func goAstray(_ request: Model.Stray) -> Bool {
        guard stray == nil else { return false }
        stray = request
        return true
    }

    mutating func executeStray(_ rules: Model.Rules) -> Bool {
        switch stray {
        case .claim(let name, let round): _ = server.claim(name, round: round, rules)
        case .settle(let row): _ = server.settle(row, rules)
        case nil: return false
        }
        stray = nil
        return true
    }

    mutating func saveToDisk() -> Bool {
        guard disk == nil, rollbacksLeft > 0 else { return false }
        disk = server
        return true
    }

    /// A server's connections end with it, and so does what was on its way.
    mutating func loseWrites(_ rules: Model.Rules) -> Bool {
        guard let disk else { return false }
        server = server.restarted(from: disk, rules)
        self.disk = nil
        stray = nil
        rollbacksLeft -= 1
        return true
    }
}
