/// What comes of a claim, on its way through a journal.
extension Model.State {
    mutating func finish(_ party: Model.Party) -> Bool {
        guard let run = self[party].run else { return false }
        if party == .intake { return journal(party, run, .ended(.cancelled)) }
        if run.isPoison { return journal(party, run, .ended(.failed)) }
        bought += 1
        return journal(party, run, .ended(.completed(bought)))
    }

    mutating func retry(_ party: Model.Party) -> Bool {
        guard let run = self[party].run, !run.isPoison else { return false }
        return journal(party, run, .retry)
    }

    private mutating func journal(_ party: Model.Party, _ run: Model.Run, _ verdict: Model.Verdict) -> Bool {
        self[party].note(Model.Row(token: run.token, verdict: verdict, server: run.server))
        self[party].run = nil
        return true
    }

    mutating func settle(
        _ party: Model.Party, _ open: Int, _ delivery: Model.Delivery, _ rules: Model.Rules
    ) -> Bool {
        let rows = self[party].rows
        let places = rows.indices.filter { rows[$0].standing == .open }
        guard open < places.count, server.admits(party, rules) else { return false }
        var row = rows[places[open]]
        if delivery == .stray { return goAstray(.settle(row)) }
        row.standing = server.settle(row, rules) ? .confirmed : .lost
        row.server = server.identity
        if delivery == .answered { self[party].correct(places[open], row) }
        return true
    }
}

extension Model.Process {
    mutating func note(_ row: Model.Row) {
        rows.append(row)
        forgetRetries()
    }

    mutating func correct(_ index: Int, _ row: Model.Row) {
        rows[index] = row
        forgetRetries()
    }

    /// Nothing depends on a retry that was lost, or that later rows follow.
    private mutating func forgetRetries() {
        guard let last = rows.last else { return }
        rows.removeAll { row in
            row.verdict == .retry && (row.standing == .lost || (row.standing == .confirmed && row != last))
        }
    }
}
