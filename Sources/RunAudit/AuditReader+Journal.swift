import GRDB
package import JobFlow

/// What the journal holds, page by page. The indexes are named, because a page that scans the table instead would stop a
/// recovery just when there is much to recover.
extension AuditReader {
    func spooled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobSpec> {
        let condition = " INDEXED BY accepted_spooled WHERE \(AcceptedRow.spooled) AND seq > ? ORDER BY seq"
        return try await page(AcceptedRow.select + condition, [mark.sequence], limit, AcceptedRow.decode)
    }

    package func spooledCount() async throws(AuditError) -> Int {
        let sql = "SELECT count(*) FROM accepted INDEXED BY accepted_spooled WHERE \(AcceptedRow.spooled)"
        return try await read { db in try Int.fetchOne(db, sql: sql) ?? 0 }
    }

    func accepted(since: Timestamp, after mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<JobSpec>
    {
        let arguments: StatementArguments = [since.milliseconds, mark.sequence, mark.sequence]
        return try await page(AcceptedRow.notEnded, arguments, limit, AcceptedRow.decode)
    }

    func underway(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobID> {
        let sql = """
            SELECT seq, job FROM accepted INDEXED BY accepted_underway
            WHERE \(AcceptedRow.underway) AND seq > ? ORDER BY seq
            """
        return try await page(sql, [mark.sequence], limit) { row in try row.job() }
    }

    func unsettled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<Settlement> {
        let condition = " INDEXED BY settlements_unconfirmed WHERE confirmed_at_ms IS NULL AND seq > ? ORDER BY seq"
        return try await page(SettlementRow.select + condition, [mark.sequence], limit) { row in
            try SettlementRow.decode(row, .late)
        }
    }

    func confirmed(since: Timestamp, before mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<Settlement>
    {
        let condition = """
             INDEXED BY settlements_confirmed WHERE confirmed_at_ms >= ? AND seq < ? ORDER BY seq DESC
            """
        return try await page(SettlementRow.select + condition, [since.milliseconds, mark.sequence], limit) { row in
            try SettlementRow.decode(row, .restored)
        }
    }

    func lastServer(_ role: JournalRole, partition: Int) async throws(AuditError) -> ServerIdentity? {
        let sql = "SELECT CAST(identity AS BLOB) AS identity FROM servers WHERE role = ? AND partition = ?"
        return try await read { db in
            try Row.fetchOne(db, sql: sql, arguments: [role.rawValue, partition])?.text("identity").map(
                ServerIdentity.init)
        }
    }

    /// Reads one row more than asked for: it tells whether another page follows. A row that this program did not write is left
    /// out: nothing can be done about it, and the others have to be seen.
    private func page<Element: Sendable>(
        _ sql: String, _ arguments: StatementArguments, _ limit: Int,
        _ decode: @escaping @Sendable (Row) throws -> Element
    ) async throws(AuditError) -> JournalPage<Element> {
        let limit = max(1, limit)
        return try await read { db in
            let rows = try Row.fetchAll(db, sql: sql + " LIMIT ?", arguments: arguments + [limit + 1])
            let last = try rows.prefix(limit).last?.mark()
            return JournalPage(
                elements: rows.prefix(limit).compactMap { try? decode($0) }, last: last,
                next: rows.count > limit ? last : nil)
        }
    }
}
