import JobFlow

/// What the recovery asks of queue and journal.
extension Recovery {
    func standings(_ ids: [JobID]) async throws(RecoveryError) -> [JobStanding?] {
        guard !ids.isEmpty else { return [] }
        return try await asking { () async throws(StoreError) in try await store.standings(ids) }
    }

    func memory(_ partition: Int) async throws(RecoveryError) -> ServerMemory {
        try await asking { () async throws(StoreError) in try await store.server(partition) }
    }

    /// Who answers for the partitions of these jobs.
    func servers(of ids: [JobID]) async throws(RecoveryError) -> [Int: ServerIdentity] {
        var servers: [Int: ServerIdentity] = [:]
        for partition in Set(ids.map(\.partition)) {
            servers[partition] = try await memory(partition).identity
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

    /// Reads the journal page by page, as long as pages follow and begin no later than `last`.
    func pages<Element>(
        from start: JournalMark = JournalMark(), upTo last: JournalMark = JournalMark(.max),
        _ read: (JournalMark) async throws(AuditError) -> JournalPage<Element>,
        each body: (JournalPage<Element>) async throws(RecoveryError) -> Void
    ) async throws(RecoveryError) {
        var mark = start
        while true {
            let page: JournalPage<Element>
            do { page = try await read(mark) } catch { throw .journal(error) }
            try await body(page)
            guard let next = page.next, next <= last else { return }
            mark = next
        }
    }
}
