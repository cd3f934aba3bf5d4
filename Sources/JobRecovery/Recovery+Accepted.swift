import JobFlow

/// Jobs that were accepted here.
extension Recovery {
    /// Sends jobs again that the queue had, and does not know any more.
    func restoreAccepted(_ partition: Int, since: Timestamp) async throws(RecoveryError) {
        var (mark, restored) = (JournalMark(), 0)
        while true {
            let page = try await reading { () async throws(AuditError) in
                try await journal.accepted(since: since, after: mark, limit: Self.page)
            }
            let specs = page.elements.filter { $0.id.partition == partition }
            let missing = RestorePlan.missing(specs, try await standings(specs.map(\.id)))
            restored += try await send(missing)
            guard let next = page.next else { break }
            mark = next
        }
        events.recovered(.accepted, restored)
    }

    /// Sends what the queue does not have yet, in the order of acceptance.
    ///
    /// - Returns: how many; the next call goes on when it is a full page.
    func drain() async throws(RecoveryError) -> Int {
        let specs = try await reading { () async throws(AuditError) in try await journal.spooled(limit: Self.page) }
        let sent = try await send(specs)
        events.spoolDrained(sent)
        return sent
    }

    private func send(_ specs: [JobSpec]) async throws(RecoveryError) -> Int {
        guard !specs.isEmpty else { return 0 }
        _ = try await asking { () async throws(StoreError) in try await store.submit(specs, isPromised: true) }
        try await reading { () async throws(AuditError) in try await journal.leftSpool(specs.map(\.id)) }
        return specs.count
    }

    /// Lets jobs go that have ended: the journal keeps their prompts only for as long as they may be needed again.
    ///
    /// - Returns: where the next look begins, and whether most of what was looked at had ended.
    func sweep(after mark: JournalMark) async throws(RecoveryError) -> (next: JournalMark, goOn: Bool) {
        let page = try await reading { () async throws(AuditError) in
            try await journal.underway(after: mark, limit: Self.page)
        }
        let before = try await servers(of: page.elements)
        let standings = try await standings(page.elements)
        // A job that is gone has ended long ago, unless the server has changed under our hands.
        guard try await servers(of: page.elements) == before else { return (mark, false) }
        let ended = zip(page.elements, standings).filter { $0.1?.state.isTerminal ?? true }.map(\.0)
        journal.ended(ended)
        return (page.next ?? JournalMark(), page.next != nil && ended.count * 2 > page.elements.count)
    }
}
