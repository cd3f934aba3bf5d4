import Foundation
import GRDB
import JobFlow
import Synchronization

/// The open file: one connection that writes, one that reads. Its methods block; the writer's queue calls them.
final class AuditFile: Sendable {
    let path: String
    let reader: AuditReader
    private let writer: DatabaseQueue
    private let identity: FileIdentity?
    private let durable: AuditConfiguration.Synchronous
    /// What the writing connection is set to; nil while that is not certain.
    private let level: Mutex<Int?>

    /// Creates the folder and the file where they are missing, and brings the tables up to date.
    ///
    /// - Parameter isMerged: a file that holds other logs may be opened; it is not written to.
    static func open(_ configuration: AuditConfiguration, isMerged: Bool = false) throws(AuditError) -> AuditFile {
        try AuditError.translating(configuration.path) {
            let folder = URL(fileURLWithPath: configuration.path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let deadline = ContinuousClock.now + BusyWait.limit
            while true {
                do { return try AuditFile(configuration, isMerged: isMerged) } catch let error as DatabaseError
                    where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
                {
                    // Switching a new file to WAL does not call the busy handler when two processes do it at once.
                    _ = BusyWait.sleep(0)
                }
            }
        }
    }

    private init(_ configuration: AuditConfiguration, isMerged: Bool) throws {
        path = configuration.path
        durable = configuration.synchronous
        level = Mutex(durable.level)
        var options = Configuration()
        options.label = "sluice.audit"
        options.busyMode = .callback(BusyWait.sleep)
        writer = try DatabaseQueue(path: path, configuration: options)
        try writer.writeWithoutTransaction { db in try Self.prepare(db, configuration) }
        try Self.migrate(writer)
        if !isMerged { _ = try writer.read(ChainRow.written) }
        reader = try AuditReader(path: path)
        identity = FileIdentity(path: path)
    }

    /// Sets what lasts only as long as the connection, and reads back what durability rests on: SQLite ignores a value
    /// that it cannot use without an error.
    private static func prepare(_ db: Database, _ configuration: AuditConfiguration) throws {
        // Of a new file only: an older one keeps its own. Twice SQLite's default, because rows with an answer are large:
        // half as many pages are written, and half as many calls of the system made.
        try db.execute(sql: "PRAGMA page_size = 8192")
        let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        guard journal == "wal" else {
            throw AuditError("\(configuration.path): this file system cannot hold a write-ahead log; use a local disk")
        }
        try setSynchronous(configuration.synchronous, db)
        try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }

    private static func setSynchronous(_ wanted: AuditConfiguration.Synchronous, _ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = \(wanted.level)")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == wanted.level else {
            throw AuditError("SQLite refused synchronous=\(wanted.rawValue)")
        }
    }

    /// Two processes may find the same migration missing; the slower one fails, and then finds it done.
    private static func migrate(_ writer: DatabaseQueue) throws {
        var done = try writer.read(appliedMigrations)
        while true {
            do { return try AuditSchema.migrator.migrate(writer) } catch {
                let now = try writer.read(appliedMigrations)
                guard now.count > done.count else { throw error }
                done = now
            }
        }
    }

    /// Asks SQLite itself whether GRDB's table is there: GRDB looks only after its query failed, and by then another
    /// process may have made it.
    private static func appliedMigrations(_ db: Database) throws -> Set<String> {
        let exists = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'grdb_migrations')"
        return try Bool.fetchOne(db, sql: exists) == true ? AuditSchema.migrator.appliedIdentifiers(db) : []
    }

    /// Whether the path still names the file that is open here.
    var isInPlace: Bool { identity != nil && FileIdentity(path: path) == identity }

    /// One transaction: everything, and the seal of what it adds to the ledger; or nothing.
    ///
    /// - Parameter isAwaited: somebody takes its end for a promise, so it is flushed as worker.json asks for. One that nobody
    ///   waits for costs no flush of its own; the next one takes it along to the disk.
    func write(_ entries: some Sequence<JournalEntry>, isAwaited: Bool = true, at now: Timestamp) throws(AuditError) {
        try withWriter { db in
            try setLevel(isAwaited || durable == .off ? durable : .normal, db)
            try db.inTransaction(.immediate) {
                var statements = PreparedStatements(db)
                var draft = SealDraft()
                for entry in entries { try entry.write(db, &statements, &draft) }
                try SealRow.append(draft, at: now, db)
                return .commit
            }
        }
    }

    private func setLevel(_ wanted: AuditConfiguration.Synchronous, _ db: Database) throws {
        guard level.withLock({ $0 }) != wanted.level else { return }
        level.withLock { $0 = nil }
        try Self.setSynchronous(wanted, db)
        level.withLock { $0 = wanted.level }
    }

    /// Deletes what has passed its time, the oldest first, at most `limit` rows. Returns how many.
    func delete(_ expired: Expiry, limit: Int) throws(AuditError) -> Int {
        try withWriter { db in
            try db.inTransaction(.immediate) {
                try db.execute(sql: expired.delete, arguments: [expired.before.milliseconds, limit])
                return .commit
            }
            return db.changesCount
        }
    }

    /// Prunes the ledger by one step, in a transaction of its own.
    func prune(_ pruning: ChainPruning) throws(AuditError) -> ChainPruning.Step {
        try withWriter { db in
            var step = ChainPruning.Step()
            // What is not flushed is pruned again.
            try setLevel(durable == .off ? durable : .normal, db)
            try db.inTransaction(.immediate) {
                for chain in try ChainRow.all(db) where step.rows < pruning.limit {
                    step += try pruning.run(db, chain)
                }
                return .commit
            }
            return step
        }
    }

    /// Runs on the writing connection, outside any transaction.
    func withWriter<T>(_ body: (Database) throws -> T) throws(AuditError) -> T {
        try AuditError.translating(path) { try writer.writeWithoutTransaction(body) }
    }

    /// The reader goes first: the last connection to leave moves the write-ahead log into the file.
    func close() throws(AuditError) {
        reader.close()
        try AuditError.translating(path) { try writer.close() }
    }
}
