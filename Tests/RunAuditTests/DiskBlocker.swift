import GRDB

/// Holds the write lock of a file as another process would, until it is released.
final class DiskBlocker: Sendable {
    private let database: DatabaseQueue

    init(path: String) throws {
        var options = Configuration()
        options.allowsUnsafeTransactions = true
        database = try DatabaseQueue(path: path, configuration: options)
        try database.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    func release() throws {
        try database.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try database.close()
    }
}
