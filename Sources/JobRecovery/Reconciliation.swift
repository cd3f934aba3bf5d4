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
        try await pages { (mark) async throws(AuditError) in
            try await journal.accepted(since: since, after: mark, limit: Self.page)
        } each: { (page) async throws(RecoveryError) in
            let standings = try await standings(page.elements.map(\.id))
            found.accepted += RestorePlan.missing(page.elements, standings).count
        }
        try await pages { (mark) async throws(AuditError) in
            try await journal.unsettled(after: mark, limit: Self.page)
        } each: {
            found.settlements += $0.elements.count
        }
        try await pages(from: JournalMark(.max)) { (mark) async throws(AuditError) in
            try await journal.confirmed(since: since, before: mark, limit: Self.page)
        } each: { (page) async throws(RecoveryError) in
            let standings = try await standings(page.elements.map(\.id))
            found.ends += zip(page.elements, standings).count { RestorePlan.isMissing($0, $1) }
        }
        return found
    }

    /// Writes everything that `compare` finds.
    package func reconcile(since: Timestamp, partitions: Int) async throws(RecoveryError) {
        for partition in 0..<partitions { try await restoreEnds(partition, since: since) }
        try await restoreAccepted(Set(0..<partitions), since: since)
        _ = try await replay()
        _ = try await drain()
    }
}
