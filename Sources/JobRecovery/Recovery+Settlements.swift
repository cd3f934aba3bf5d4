import JobFlow

/// Ends of claims: those that the queue was not told, and those that it forgot.
extension Recovery {
    /// Sends what is kept, up to `last`: an answer counts if nobody has claimed its job since.
    func replay(_ partition: Int? = nil, upTo last: JournalMark = JournalMark(.max)) async throws(RecoveryError) -> Int
    {
        var replayed = 0
        try await pages(upTo: last) { (mark) async throws(AuditError) in
            try await journal.unsettled(after: mark, limit: Self.page)
        } each: { (page) async throws(RecoveryError) in
            let due = page.elements.filter { partition == nil || $0.id.partition == partition }
            for wave in RestorePlan.latestFirst(due) {
                for (settlement, outcome) in try await settle(wave) {
                    journal.settled(settlement, outcome)
                    if outcome == .settled { replayed += 1 }
                }
            }
        }
        events.recovered(.settlement, replayed)
        return replayed
    }

    /// Writes the ends again that the queue had confirmed and does not know. The newest come first: of a job that was run
    /// again by hand, the last end is the one that counts.
    func restoreEnds(_ partition: Int, since: Timestamp) async throws(RecoveryError) {
        var restored = 0
        try await pages(from: JournalMark(.max)) { (mark) async throws(AuditError) in
            try await journal.confirmed(since: since, before: mark, limit: Self.page)
        } each: { (page) async throws(RecoveryError) in
            let ends = page.elements.filter { $0.id.partition == partition }
            let standings = try await standings(ends.map(\.id))
            let missing = zip(ends, standings).filter { RestorePlan.isMissing($0, $1) }.map(\.0)
            for wave in RestorePlan.latestFirst(missing) {
                // Confirmed anew: should this life of the server lose it as well, it is looked for again.
                for (end, outcome) in try await settle(wave) where outcome.isWritten {
                    journal.settled(end, outcome)
                    if outcome == .settled { restored += 1 }
                }
            }
        }
        events.recovered(.end, restored)
    }

    /// The last settlement that waits for the queue's word.
    func lastUnsettled() async throws(RecoveryError) -> JournalMark {
        var last = JournalMark()
        try await pages { (mark) async throws(AuditError) in
            try await journal.unsettled(after: mark, limit: Self.page)
        } each: {
            if let end = $0.last { last = end }
        }
        return last
    }

    private func settle(_ settlements: [Settlement]) async throws(RecoveryError) -> [(Settlement, SettleOutcome)] {
        let standings = try await standings(settlements.map(\.id))
        let servers = try await servers(of: settlements.map(\.id))
        let results = await withTaskGroup(of: Result<(Settlement, SettleOutcome), RecoveryError>.self) { group in
            for (settlement, standing) in zip(settlements, standings) {
                var settlement = settlement
                settlement.occasion = RestorePlan.occasion(settlement, on: servers[settlement.id.partition])
                group.addTask { [settlement] in await settle(settlement, after: standing) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var outcomes: [(Settlement, SettleOutcome)] = []
        for result in results { outcomes.append(try result.get()) }
        return outcomes
    }

    private func settle(_ settlement: Settlement, after standing: JobStanding?) async -> Result<
        (Settlement, SettleOutcome), RecoveryError
    > {
        do throws(RecoveryError) {
            let known = try await reading { () async throws(AuditError) in
                try await journal.attempts(of: settlement.id)
            }
            let complete = RestorePlan.complete(settlement, known: known, after: standing)
            return .success(
                (complete, try await asking { () async throws(StoreError) in try await store.settle(complete) }))
        } catch { return .failure(error) }
    }
}
