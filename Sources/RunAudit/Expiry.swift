import JobFlow

/// Rows of one table of the journal that have passed their time. Those of the ledger are pruned with their seals: `ChainPruning`.
struct Expiry: Sendable, Equatable {
    /// A job that has ended stays for so long, so that a retry by hand still finds its row.
    static let graceOfEnded = Duration.seconds(60)
    /// Of the confirmed settlements, so many of the first are looked at: they were confirmed in about their order. The few
    /// that were confirmed long after they were recorded may stand before others that have passed.
    static let window = 20_000

    let delete: String
    let before: Timestamp

    /// A job that has not ended, and a settlement that was not confirmed, never pass.
    static func all(at now: Timestamp, _ configuration: AuditConfiguration) -> [Expiry] {
        func ago(_ time: Duration) -> Timestamp { Timestamp(milliseconds: now.milliseconds - time.wholeMilliseconds) }
        return [
            Expiry("settlements", "seq", oldest: settlements, before: ago(configuration.answersRetention)),
            Expiry("accepted", "seq", oldest: accepted, before: now),
        ]
    }

    private static let settlements = """
        SELECT seq FROM (
            SELECT seq, confirmed_at_ms FROM settlements INDEXED BY settlements_confirmed
            WHERE confirmed_at_ms IS NOT NULL ORDER BY seq LIMIT \(window)
        ) WHERE confirmed_at_ms < ? LIMIT ?
        """

    private static let accepted = """
        SELECT seq FROM accepted WHERE ended_at_ms IS NOT NULL AND kept_until_ms < ? ORDER BY kept_until_ms LIMIT ?
        """

    private init(_ table: String, _ id: String, oldest: String, before: Timestamp) {
        self.before = before
        delete = "DELETE FROM \(table) WHERE \(id) IN (\(oldest))"
    }
}
