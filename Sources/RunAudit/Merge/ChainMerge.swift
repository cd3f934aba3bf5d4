import GRDB
import JobFlow

/// Copies the next part of a chain from the attached file `source`, in one transaction: rows, and the seals that cover them.
struct ChainMerge {
    static let rowsAtOnce: Int64 = 2_000
    static let sealsAtOnce = 256

    private let db: Database
    private let from: Chain
    private let to: Chain
    private let mergedTo: Int64

    init(_ db: Database, _ chain: Chain) throws {
        self.db = db
        from = chain
        to = try Self.chain(db, like: chain)
        mergedTo = to.mergedTo ?? 0
    }

    func step() throws -> (rows: Int, isLast: Bool) {
        let last = try lastSeal()
        try checkAgreement(upTo: last)
        if mergedTo < from.unsealedTo, last == 0 { return (try takeOlder(), false) }
        guard let end = try nextEnd(after: last) else { return (0, true) }
        let rows = try copyRows(to: max(end.lastID, mergedTo))
        try copySeals(after: last, to: end.number)
        return (rows, false)
    }

    /// Rows from before the chain.
    private func takeOlder() throws -> Int {
        let sql = """
            SELECT max(id) FROM (
                SELECT id FROM source.attempts WHERE id > ? AND id <= ? ORDER BY id LIMIT \(Self.rowsAtOnce)
            )
            """
        let (first, last) = (mergedTo + from.offset, from.unsealedTo + from.offset)
        let end = try Int64.fetchOne(db, sql: sql, arguments: [first, last]).map { $0 - from.offset }
        return try copyRows(to: end ?? from.unsealedTo)
    }

    /// The last seal of the next part, and its last row.
    private func nextEnd(after last: Int64) throws -> (number: Int64, lastID: Int64)? {
        let sql = """
            SELECT seq, last_id FROM source.seals WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT \(Self.sealsAtOnce)
            """
        let seals = try Row.fetchAll(db, sql: sql, arguments: [last + from.offset, from.end]).map { row in
            (number: row[0] - from.offset, lastID: row[1] - from.offset)
        }
        let end = seals.first { $0.lastID - mergedTo >= Self.rowsAtOnce } ?? seals.last
        if let end, end.lastID > Chain.span {
            throw AuditError("\(from.name): ids above \(Chain.span) cannot be merged")
        }
        return end
    }

    private func copyRows(to last: Int64) throws -> Int {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO main.attempts (id, \(AttemptRow.columns))
                SELECT id + ?, \(AttemptRow.columns) FROM source.attempts WHERE id > ? AND id <= ?
                """, arguments: [shift, mergedTo + from.offset, last + from.offset])
        let rows = db.changesCount
        try db.execute(sql: "UPDATE main.chains SET merged_to = ? WHERE origin = ?", arguments: [last, to.origin])
        return rows
    }

    private func copySeals(after first: Int64, to last: Int64) throws {
        try db.execute(
            sql: """
                INSERT INTO main.seals (seq, first_id, last_id, sealed_at_ms, amendments, hash, content)
                SELECT seq + ?1, first_id + ?1, last_id + ?1, sealed_at_ms, amendments, hash, content FROM source.seals
                WHERE seq > ?2 AND seq <= ?3
                """, arguments: [shift, first + from.offset, last + from.offset])
        let amending = "SELECT content FROM source.seals WHERE amendments > 0 AND seq > ? AND seq <= ?"
        for row in try Row.fetchAll(db, sql: amending, arguments: [first + from.offset, last + from.offset]) {
            for case .amendment(let id, _) in try row.bytes("content").flatMap(SealContent.items) ?? [] {
                try amend(id)
            }
        }
    }

    /// The row may have been copied before it was renumbered.
    private func amend(_ id: Int64) throws {
        try db.execute(
            sql: """
                UPDATE main.attempts SET number = (SELECT number FROM source.attempts WHERE id = ?1)
                WHERE id = ?2 AND EXISTS (SELECT 1 FROM source.attempts WHERE id = ?1)
                """, arguments: [id + from.offset, id + to.offset])
    }

    private var shift: Int64 { to.offset - from.offset }

    private func lastSeal() throws -> Int64 {
        let sql = "SELECT max(seq) FROM main.seals WHERE seq > ? AND seq <= ?"
        return try Int64.fetchOne(db, sql: sql, arguments: [to.offset, to.end]).map { $0 - to.offset } ?? 0
    }

    /// Of two files with one beginning, one is not what was merged before: a copy that was written on its own, or rewritten.
    private func checkAgreement(upTo last: Int64) throws {
        let sql = """
            SELECT a.hash = b.hash FROM source.seals a JOIN main.seals b ON b.seq = a.seq + ?
            WHERE a.seq > ? AND a.seq <= ? ORDER BY a.seq DESC LIMIT 1
            """
        let agrees = try Bool.fetchOne(db, sql: sql, arguments: [shift, from.offset, last + from.offset])
        guard agrees ?? true else {
            throw AuditError(
                "\(from.name): its chain differs from what was merged before; verify both, and merge this one into another file"
            )
        }
    }

    /// The chain in the merged file, which is made where it is missing.
    private static func chain(_ db: Database, like chain: Chain) throws -> Chain {
        if let known = try ChainRow.all(db).first(where: { $0.identity == chain.identity }) { return known }
        try db.execute(
            sql: """
                INSERT INTO main.chains (origin, identity, name, unsealed_to, merged_to)
                SELECT (SELECT coalesce(max(origin), 0) + 1 FROM main.chains), identity, name, unsealed_to, 0
                FROM source.chains WHERE origin = ?
                """, arguments: [chain.origin])
        return try self.chain(db, like: chain)
    }
}
