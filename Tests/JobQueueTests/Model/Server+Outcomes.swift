/// The scripts that write what came of a claim.
extension Model.Server {
    /// Returns whether the outcome counts.
    mutating func settle(_ row: Model.Row, _ rules: Model.Rules) -> Bool {
        if rules.has(.settledToken), hasSettled(row.token, rules) { return true }
        guard holds(row.token, rules) || isWelcome(row, rules) else { return false }
        write(row.token, row.verdict)
        return true
    }

    private func hasSettled(_ token: Model.Token, _ rules: Model.Rules) -> Bool {
        guard let settled = record?.settled else { return false }
        return settled.epoch == token.epoch && (!rules.has(.owner) || settled.owner == token.owner)
    }

    private func isWelcome(_ row: Model.Row, _ rules: Model.Rules) -> Bool {
        guard rules.has(.replay), row.isAnswer, let record, record.epoch == row.token.epoch else { return false }
        return record.standing == .queued && (!rules.has(.owner) || record.owner == row.token.owner)
    }

    /// A journal tells a server that has lost writes what it knows. Returns whether that counts, for now.
    mutating func restore(_ row: Model.Row, _ rules: Model.Rules) -> Bool {
        if hasSettled(row.token, rules) { return true }
        guard isNews(row, rules) else { return false }
        if record == nil { record = Record() }
        write(row.token, row.verdict)
        return true
    }

    private func isNews(_ row: Model.Row, _ rules: Model.Rules) -> Bool {
        guard let record else { return rules.has(.missing) }
        guard record.end == nil else {
            // Nobody has read that end yet. Once somebody may have, it stays.
            return rules.has(.highestEpoch) && record.epoch < row.token.epoch && !isOpen(rules)
        }
        guard record.epoch == row.token.epoch else { return record.epoch < row.token.epoch }
        return record.standing != .inProgress || holds(row.token, rules) || row.isConfirmedEnd
    }

    mutating func write(_ token: Model.Token, _ verdict: Model.Verdict) {
        record?.epoch = token.epoch
        record?.settled = token
        record?.owner = nil
        record?.lease = .none
        switch verdict {
        case .ended(let end): record?.standing = .ended(end)
        case .retry:
            record?.standing = .scheduled
            isDue = true
        }
    }
}
