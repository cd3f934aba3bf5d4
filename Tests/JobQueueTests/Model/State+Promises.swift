extension Model.State {
    func isOver(_ rules: Model.Rules) -> Bool { server.readable(rules) != nil }

    func isEndUndone(_ previous: Model.State, _ rules: Model.Rules) -> Bool {
        guard server.identity == previous.server.identity, let end = previous.server.readable(rules) else {
            return false
        }
        return server.readable(rules) != end
    }

    func isMisled(_ rules: Model.Rules) -> Bool {
        server.isOpen(rules) && processes.contains { $0.rows.contains(where: isMistaken) }
    }

    private func isMistaken(_ row: Model.Row) -> Bool {
        guard case .ended(let end) = row.verdict, row.server == server.identity else { return false }
        return switch row.standing {
        case .open: false
        case .confirmed: server.record?.end != end
        case .lost: server.record?.settled == row.token
        }
    }

    var isUnreachable: Bool {
        guard let record = server.record else { return false }
        return switch record.standing {
        case .queued: server.entries == 0
        case .scheduled: !server.isDue
        case .inProgress: record.lease == .none
        case .ended: false
        }
    }

    /// Lost writes may bring a claim back that its holder has done with; that one does count as a crash.
    var isOrphan: Bool {
        guard server.identity == 0, server.record?.standing == .inProgress, let owner = server.record?.owner else {
            return false
        }
        return owner.party != .intake && name(owner.party) == owner && !holderKnows
    }
}

/// What costs money.
extension Model.State {
    /// The record, if the job waits for somebody to buy an answer.
    private var waiting: Model.Server.Record? {
        let record = server.record ?? Model.Server.Record()
        return record.end == nil && record.standing != .inProgress ? record : nil
    }

    func isAnswerGivenUp(_ rules: Model.Rules) -> Bool {
        guard server.isOpen(rules), let waiting else { return false }
        return processes.contains { process in
            process.rows.contains { $0.isAnswer && $0.standing == .lost && $0.token.epoch >= waiting.epoch }
        }
    }

    func isCallGivenUp(_ previous: Model.State) -> Bool {
        guard let waiting else { return false }
        return Model.Party.workers.contains { party in
            let (before, now) = (previous[party], self[party])
            guard let run = before.run, now.run == nil, now.life == before.life else { return false }
            return now.rows == before.rows && waiting.epoch < run.token.epoch
        }
    }

    var isBoughtAgain: Bool {
        guard case .completed = winner else { return false }
        return processes.contains { $0.rows.contains { $0.isAnswer && $0.standing == .lost } }
    }
}
