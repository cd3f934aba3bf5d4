import GRDB
import Testing

@testable import RunAudit

struct StatementValuesTests {
    @Test func `values arrive as they are and in their order, the empty ones not as NULL`() throws {
        var values = StatementValues(count: 8)
        values.add("")
        values.add("a\u{0}b\u{1F680}")
        values.add([UInt8]())
        values.add([0, 255])
        values.add(Int64.min)
        values.add(String?.none)
        values.add([UInt8]?.none)
        values.add(Int?.none)
        #expect(
            try stored(values) == [
                "text ", "text 610062F09F9A80", "blob ", "blob 00FF",
                "integer 2D39323233333732303336383534373735383038", "null ", "null ", "null ",
            ])
    }

    @Test func `values that are all empty are not NULL`() throws {
        var values = StatementValues(count: 8)
        for _ in 0..<4 { values.add("") }
        for _ in 0..<4 { values.add([UInt8]()) }
        #expect(try stored(values) == Array(repeating: "text ", count: 4) + Array(repeating: "blob ", count: 4))
    }

    @Test func `a statement that failed says why, and takes the next values`() throws {
        try table { db in
            let insert = try db.cachedStatement(sql: "INSERT INTO things (a) VALUES (?)")
            for value in [1, 2] {
                var values = StatementValues(count: 1)
                values.add(value)
                try insert.run(values)
                let error = try #require(throws: DatabaseError.self) { try insert.run(values) }
                #expect(error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE)
                #expect(error.message == "UNIQUE constraint failed: things.a")
            }
            #expect(try Int.fetchAll(db, sql: "SELECT a FROM things") == [1, 2])
        }
    }

    /// Type and bytes of each value, as SQLite has them.
    private func stored(_ values: StatementValues) throws -> [String] {
        try table { db in
            try db.cachedStatement(sql: "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?)").run(values)
            return try ["a", "b", "c", "d", "e", "f", "g", "h"].map { name in
                try String.fetchOne(db, sql: "SELECT typeof(\(name)) || ' ' || hex(\(name)) FROM things") ?? ""
            }
        }
    }

    private func table<T>(_ body: (Database) throws -> T) throws -> T {
        try DatabaseQueue().write { db in
            try db.execute(sql: "CREATE TABLE things (a UNIQUE, b, c, d, e, f, g, h)")
            return try body(db)
        }
    }
}
