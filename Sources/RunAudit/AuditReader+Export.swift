import GRDB
package import JobFlow

/// A row of the ledger with its id.
package struct AuditRow: Sendable, Equatable {
    package var id: Int64
    package var attempt: AuditedAttempt
}

/// Where the next page of an export begins.
package struct ExportMark: Sendable, Equatable {
    var startedAt = Timestamp(milliseconds: .min)
    var id = Int64.min

    package init() {}

    init(_ row: Row) throws {
        startedAt = try row.moment("started_at_ms")
        id = try row.decode(forColumn: "id")
    }
}

extension AuditReader {
    /// Rows that one page of an export looks at: a short snapshot of the file, whatever the filter lets through.
    static let exportedAtOnce = 1_000

    /// The next rows of an export, the attempt that started first before the others, and where to go on; no mark after the
    /// last page. A page may be empty. What is recorded meanwhile may be in it or not.
    package func export(
        _ filter: AuditFilter, after mark: ExportMark = ExportMark(), limit: Int = exportedAtOnce
    ) async throws(AuditError) -> (rows: [AuditRow], next: ExportMark?) {
        try await read { db in
            var page = AuditFilter(job: filter.job, since: filter.since, until: filter.until).terms
            page.require("(started_at_ms, id) > (?, ?)", mark.startedAt.milliseconds, mark.id)
            let seen = try Row.fetchAll(
                db, sql: "SELECT started_at_ms, id FROM attempts\(page.sql) ORDER BY started_at_ms, id LIMIT ?",
                arguments: StatementArguments(page.arguments + [limit]))
            guard let last = try seen.last.map(ExportMark.init) else { return ([], nil) }
            var wanted = filter.terms
            wanted.require("(started_at_ms, id) > (?, ?)", mark.startedAt.milliseconds, mark.id)
            wanted.require("(started_at_ms, id) <= (?, ?)", last.startedAt.milliseconds, last.id)
            let rows = try Row.fetchAll(
                db, sql: "\(AttemptRow.select)\(wanted.sql) ORDER BY started_at_ms, id",
                arguments: StatementArguments(wanted.arguments))
            let decoded = try rows.map { row in
                AuditRow(id: try row.decode(forColumn: "id"), attempt: try AttemptRow.decode(row))
            }
            return (decoded, seen.count == limit ? last : nil)
        }
    }
}
