import GRDB
import GRDBSQLite

/// The statements of one transaction. GRDB keeps them prepared for the next one, and looks them up by their text: here that
/// is once a transaction, not once a row.
struct PreparedStatements {
    private let db: Database
    private var known = [Statement?](repeating: nil, count: JournalStatement.allCases.count)

    init(_ db: Database) { self.db = db }

    mutating func run(_ change: JournalEntry.Change) throws {
        try statement(change.statement).run(change.values)
    }

    /// Runs a change that returns the ids of its rows.
    mutating func ids(_ change: JournalEntry.Change) throws -> [Int64] {
        try statement(change.statement).ids(change.values)
    }

    private mutating func statement(_ wanted: JournalStatement) throws -> Statement {
        if let statement = known[wanted.rawValue] { return statement }
        let statement = try db.cachedStatement(sql: wanted.sql)
        known[wanted.rawValue] = statement
        return statement
    }
}

extension Statement {
    /// Changes rows with these values, past GRDB's own way to bind and to step: at a thousand rows a second and more, that
    /// costs more than what SQLite does.
    func run(_ values: StatementValues) throws {
        let statement = unsafe sqliteStatement
        let code = unsafe values.withBound(to: statement) { unsafe sqlite3_step(statement) }
        let error = code == SQLITE_DONE ? nil : unsafe DatabaseError(code, statement)
        unsafe sqlite3_reset(statement)
        if let error { throw error }
    }

    /// The same for a statement that returns a number for each row that it changed.
    func ids(_ values: StatementValues) throws -> [Int64] {
        let statement = unsafe sqliteStatement
        var ids: [Int64] = []
        let code = unsafe values.withBound(to: statement) {
            var code = unsafe sqlite3_step(statement)
            while code == SQLITE_ROW {
                unsafe ids.append(sqlite3_column_int64(statement, 0))
                code = unsafe sqlite3_step(statement)
            }
            return code
        }
        let error = code == SQLITE_DONE ? nil : unsafe DatabaseError(code, statement)
        unsafe sqlite3_reset(statement)
        if let error { throw error }
        return ids
    }
}

extension DatabaseError {
    /// What SQLite says about a statement that has just failed.
    fileprivate init(_ code: Int32, _ statement: OpaquePointer) {
        let message = unsafe sqlite3_errmsg(sqlite3_db_handle(statement)).map { unsafe String(cString: $0) }
        self.init(resultCode: ResultCode(rawValue: code), message: message)
    }
}
