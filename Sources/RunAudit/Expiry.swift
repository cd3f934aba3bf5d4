import JobFlow

/// Rows of one table that have passed their time.
struct Expiry: Sendable, Equatable {
    /// A job that has ended stays for so long, so that a retry by hand still finds its row.
    static let graceOfEnded = Duration.seconds(60)

    let delete: String
    let before: Timestamp

    /// A job that has not ended, and a settlement that was not confirmed, never pass.
    static func all(at now: Timestamp, _ configuration: AuditConfiguration) -> [Expiry] {
        func ago(_ time: Duration) -> Timestamp { Timestamp(milliseconds: now.milliseconds - time.wholeMilliseconds) }
        return [
            Expiry("attempts", "id", "started_at_ms", before: ago(configuration.retention)),
            Expiry("settlements", "seq", "confirmed_at_ms", before: ago(configuration.answersRetention)),
            Expiry("accepted", "seq", "kept_until_ms", "ended_at_ms IS NOT NULL", before: now),
        ]
    }

    private init(_ table: String, _ id: String, _ time: String, _ condition: String = "true", before: Timestamp) {
        self.before = before
        let oldest = "SELECT \(id) FROM \(table) WHERE \(condition) AND \(time) < ? ORDER BY \(time) LIMIT ?"
        delete = "DELETE FROM \(table) WHERE \(id) IN (\(oldest))"
    }
}
