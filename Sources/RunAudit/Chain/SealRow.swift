import GRDB
import GRDBSQLite
import JobFlow

/// Seals as rows of the table `seals`, in both directions.
enum SealRow {
    private static let columns = "seq, first_id, last_id, sealed_at_ms, amendments, hash, content"
    static let select = "SELECT \(columns) FROM seals"

    private static let insert = "INSERT INTO seals (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?)"
    private static let last = "SELECT seq, last_id, hash FROM seals ORDER BY seq DESC LIMIT 1"

    /// Seals what a transaction has added to the ledger of a log. Inside that transaction, so that of several processes none
    /// comes between the last seal and this.
    static func append(_ draft: SealDraft, at now: Timestamp, _ db: Database) throws {
        guard !draft.runs.isEmpty else { return }
        var head = try head(db)
        for run in draft.runs {
            let seal = Seal(run, after: head, at: now)
            try db.cachedStatement(sql: insert).run(values(seal, offset: 0))
            head = ChainHead(seal)
        }
    }

    private static func head(_ db: Database) throws -> ChainHead {
        try db.cachedStatement(sql: last).head() ?? ChainRow.written(db).start
    }

    static func values(_ seal: Seal, offset: Int64) -> StatementValues {
        var values = StatementValues(count: 7, bytes: 32 + (seal.content?.count ?? 0))
        values.add(seal.number + offset)
        values.add(seal.firstID + offset)
        values.add(seal.lastID + offset)
        values.add(seal.sealedAt)
        values.add(seal.amendments)
        values.add(seal.hash.bytes)
        values.add(seal.content)
        return values
    }

    static func decode(_ row: Row, offset: Int64) throws -> Seal {
        Seal(
            number: try row.decode(Int64.self, forColumn: "seq") - offset,
            firstID: try row.decode(Int64.self, forColumn: "first_id") - offset,
            lastID: try row.decode(Int64.self, forColumn: "last_id") - offset,
            sealedAt: try row.moment("sealed_at_ms"), amendments: try row.decode(forColumn: "amendments"),
            content: try row.bytes("content"), hash: ChainHash(stored: try row.bytes("hash") ?? []))
    }
}

extension Statement {
    /// Reads the last seal, past GRDB's own way: every commit does it.
    fileprivate func head() throws -> ChainHead? {
        let statement = unsafe sqliteStatement
        defer { unsafe sqlite3_reset(statement) }
        switch unsafe sqlite3_step(statement) {
        case SQLITE_DONE: return nil
        case SQLITE_ROW:
            let bytes = unsafe UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, 2), count: Int(sqlite3_column_bytes(statement, 2)))
            return unsafe ChainHead(
                number: sqlite3_column_int64(statement, 0), lastID: sqlite3_column_int64(statement, 1),
                hash: ChainHash(stored: Array(bytes)))
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
    }
}
