package import JobFlow

/// What the journal of this machine knows and the queue does not; for `sluice audit reconcile`.
package struct Reconciliation: Sendable, Equatable {
    /// Accepted jobs that the queue has not got, or does not know any more.
    package var accepted = 0
    /// Settlements that the queue was not told.
    package var settlements = 0
    /// Ends that the queue had confirmed and does not know any more.
    package var ends = 0

    package var isClean: Bool { accepted + settlements + ends == 0 }
}

extension Recovery {
    /// Compares everything that came since, and changes nothing. What ended so long ago that the queue has let it go looks as if
    /// it were missing: `since` has to be later.
    package func compare(since: Timestamp) async throws(RecoveryError) -> Reconciliation {
        var found = Reconciliation()
        found.accepted = try await reading { () async throws(AuditError) in try await journal.spooledCount() }
        try await pages(JournalMark()) { (mark) async throws(AuditError) in
            try await journal.accepted(since: since, after: mark, limit: Self.page)
        } each: { (specs) async throws(RecoveryError) in
            found.accepted += RestorePlan.missing(specs, try await standings(specs.map(\.id))).count
        }
        try await pages(JournalMark()) { (mark) async throws(AuditError) in
            try await journal.unsettled(after: mark, limit: Self.page)
        } each: {
            found.settlements += $0.count
        }
        try await pages(JournalMark(.max)) { (mark) async throws(AuditError) in
            try await journal.confirmed(since: since, before: mark, limit: Self.page)
        } each: { (ends) async throws(RecoveryError) in
            let standings = try await standings(ends.map(\.id))
            found.ends += zip(ends, standings).count { RestorePlan.isMissing($0, $1) }
        }
        return found
    }

    /// Writes everything that `compare` finds.
    package func reconcile(since: Timestamp, partitions: Int) async throws(RecoveryError) {
        for partition in 0..<partitions {
            try await restoreEnds(partition, since: since)
            try await restoreAccepted(partition, since: since)
        }
        _ = try await replay()
        _ = try await drain()
    }

    func lastUnsettled() async throws(RecoveryError) -> JournalMark {
        var (mark, last) = (JournalMark(), JournalMark())
        while true {
            let page = try await reading { () async throws(AuditError) in
                try await journal.unsettled(after: mark, limit: Self.page)
            }
            if let end = page.last { last = end }
            guard let next = page.next else { return last }
            mark = next
        }
    }

    private func pages<Element>(
        _ start: JournalMark, _ read: (JournalMark) async throws(AuditError) -> JournalPage<Element>,
        each body: ([Element]) async throws(RecoveryError) -> Void
    ) async throws(RecoveryError) {
        var mark = start
        while true {
            let page: JournalPage<Element>
            do { page = try await read(mark) } catch { throw .journal(error) }
            try await body(page.elements)
            guard let next = page.next else { return }
            mark = next
        }
    }
}
