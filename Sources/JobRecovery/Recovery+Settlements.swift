import JobFlow

/// Ends of claims: those that the queue was not told, and those that it forgot.
extension Recovery {
    /// Sends what is kept, up to `last`: an answer counts if nobody has claimed its job since.
    func replay(_ partition: Int? = nil, upTo last: JournalMark = JournalMark(.max)) async throws(RecoveryError) -> Int
    {
        var (mark, replayed) = (JournalMark(), 0)
        while true {
            let page = try await reading { () async throws(AuditError) in
                try await journal.unsettled(after: mark, limit: Self.page)
            }
            let due = page.elements.filter { partition == nil || $0.id.partition == partition }
            for wave in RestorePlan.latestFirst(due) {
                for (settlement, outcome) in try await settle(wave) {
                    journal.settled(settlement, outcome)
                    if outcome == .settled { replayed += 1 }
                }
            }
            guard let next = page.next, next <= last else { break }
            mark = next
        }
        events.recovered(.settlement, replayed)
        return replayed
    }

    /// Writes the ends again that the queue had confirmed and does not know. The newest come first: of a job that was run
    /// again by hand, the last end is the one that counts.
    func restoreEnds(_ partition: Int, since: Timestamp) async throws(RecoveryError) {
        var (mark, restored) = (JournalMark(.max), 0)
        while true {
            let page = try await reading { () async throws(AuditError) in
                try await journal.confirmed(since: since, before: mark, limit: Self.page)
            }
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
            guard let next = page.next else { break }
            mark = next
        }
        events.recovered(.end, restored)
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

extension Recovery {
    func standings(_ ids: [JobID]) async throws(RecoveryError) -> [JobStanding?] {
        guard !ids.isEmpty else { return [] }
        return try await asking { () async throws(StoreError) in try await store.standings(ids) }
    }

    /// Who answers for the partitions of these jobs.
    func servers(of ids: [JobID]) async throws(RecoveryError) -> [Int: ServerIdentity] {
        var servers: [Int: ServerIdentity] = [:]
        for partition in Set(ids.map(\.partition)) {
            servers[partition] =
                try await asking { () async throws(StoreError) in try await store.server(partition) }.identity
        }
        return servers
    }

    /// Nil when it is not this server any more.
    func announce(to server: ServerIdentity, _ partition: Int, lease: Duration) async throws(RecoveryError)
        -> FleetStanding?
    {
        do throws(StoreError) {
            return try await store.announce(member, to: server, partition: partition, memory: lease * 2)
        } catch {
            if error.code == .serverChanged { return nil }
            throw .store(error)
        }
    }

    func lastServer(_ role: JournalRole, _ partition: Int) async throws(RecoveryError) -> ServerIdentity? {
        try await reading { () async throws(AuditError) in
            try await journal.lastServer(role, partition: partition)
        }
    }

    /// A journal that cannot be written is no reason to do nothing: at the next start the server is looked at once more.
    func remember(_ server: ServerIdentity, _ role: JournalRole, _ partition: Int) async {
        do throws(AuditError) { try await journal.remember(server, role, partition: partition) } catch {
            events.failed(.journal(error))
        }
    }

    func asking<Value>(_ body: () async throws(StoreError) -> Value) async throws(RecoveryError) -> Value {
        do { return try await body() } catch { throw .store(error) }
    }

    func reading<Value>(_ body: () async throws(AuditError) -> Value) async throws(RecoveryError) -> Value {
        do { return try await body() } catch { throw .journal(error) }
    }
}
