import JobFlow

/// Jobs that were accepted here.
extension Recovery {
    /// Which jobs are left alone: those that were refused, or may be yet. Asked before each page of the journal is read, and of the
    /// jobs in it.
    typealias Leaving = () -> (JobID) -> Bool

    static func none() -> (JobID) -> Bool { { _ in false } }

    /// Sends jobs that the queue does not know: it had them, or it never did, or it did and the note of it is not on disk yet.
    /// One reading for all partitions: a spool may be large.
    func restoreAccepted(_ partitions: Set<Int>, since: Timestamp, leaving: Leaving = Self.none)
        async throws(RecoveryError)
    {
        var restored = 0
        try await pages { (mark) async throws(AuditError) in
            let isLeft = leaving()
            return try await journal.accepted(since: since, after: mark, limit: Self.page).without(isLeft)
        } each: { (page) async throws(RecoveryError) in
            let specs = page.elements.filter { partitions.contains($0.id.partition) }
            restored += try await send(RestorePlan.missing(specs, try await standings(specs.map(\.id))))
        }
        events.recovered(.accepted, restored)
    }

    /// Sends what the queue does not have yet, in the order of acceptance.
    ///
    /// - Returns: how many.
    func drain(leaving: Leaving = Self.none, each: (Int) -> Void = { _ in }) async throws(RecoveryError) -> Int {
        var sent = 0
        try await pages { (mark) async throws(AuditError) in
            let isLeft = leaving()
            return try await journal.spooled(after: mark, limit: Self.page).without(isLeft)
        } each: { (page) async throws(RecoveryError) in
            let number = try await send(page.elements)
            each(number)
            sent += number
        }
        events.spoolDrained(sent)
        return sent
    }

    private func send(_ specs: [JobSpec]) async throws(RecoveryError) -> Int {
        guard !specs.isEmpty else { return 0 }
        _ = try await asking { () async throws(StoreError) in try await store.submit(specs, isPromised: true) }
        // A full disk is no reason to keep the others waiting; until it is noted these may be sent once more, which is harmless.
        do throws(AuditError) { try await journal.leftSpool(specs.map(\.id)) } catch { events.failed(.journal(error)) }
        return specs.count
    }

    /// Lets jobs go that have ended: the journal keeps their prompts only for as long as they may be needed again.
    ///
    /// - Parameter known: the servers that have got back what they had forgotten. Only there a job that is gone has ended.
    /// - Returns: where the next look begins, and whether most of what was looked at had ended.
    func sweep(after mark: JournalMark, on known: [Int: ServerIdentity]) async throws(RecoveryError)
        -> (next: JournalMark, goOn: Bool)
    {
        let page = try await reading { () async throws(AuditError) in
            try await journal.underway(after: mark, limit: Self.page)
        }
        let standings = try await standings(page.elements)
        let servers = try await servers(of: page.elements)
        guard servers.allSatisfy({ known[$0.key] == $0.value }) else { return (mark, false) }
        let ended = zip(page.elements, standings).filter { $0.1?.state.isTerminal ?? true }.map(\.0)
        journal.ended(ended)
        return (page.next ?? JournalMark(), page.next != nil && ended.count * 2 > page.elements.count)
    }
}

extension JournalPage<JobSpec> {
    fileprivate func without(_ isLeft: (JobID) -> Bool) -> JournalPage {
        var rest = self
        rest.elements.removeAll { isLeft($0.id) }
        return rest
    }
}
