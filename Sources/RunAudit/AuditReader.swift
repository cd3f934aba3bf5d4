import Foundation
import GRDB
package import JobFlow
import Synchronization

/// Reads an audit log, while others write it. Never creates or changes the file.
package final class AuditReader: Sendable {
    /// The most rows that one query returns.
    package static let maximumLimit = 100_000

    private let path: String
    /// Closed by letting go of it, so that reads that are under way finish first.
    private let database: Mutex<DatabaseQueue?>

    /// Throws when there is no such file, or it is not an audit log.
    package init(path: String) throws(AuditError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw AuditError("\(path): there is no audit log; check audit.path, or start a worker first")
        }
        var options = Configuration()
        options.label = "sluice.audit.reader"
        options.readonly = true
        options.busyMode = .callback(BusyWait.sleep)
        self.path = path
        let database = try AuditError.translating(path) { [options] in
            let database = try DatabaseQueue(path: path, configuration: options)
            guard try database.read({ db in try db.tableExists("attempts") }) else {
                throw AuditError("\(path): this file is not an audit log of Sluice")
            }
            return database
        }
        self.database = Mutex(database)
    }

    /// The ledger of one job, oldest first; empty for a job that is not in this log.
    package func attempts(of job: JobID) async throws(AuditError) -> [AuditedAttempt] {
        try await rows(AttemptRow.select + AttemptRow.ofJob, [job.description])
    }

    /// Newest first. `limit` is 1 to `maximumLimit`.
    package func query(_ filter: AuditFilter, limit: Int) async throws(AuditError) -> [AuditedAttempt] {
        guard (1...Self.maximumLimit).contains(limit) else {
            throw AuditError("limit: a number from 1 to \(Self.maximumLimit) was expected, it is \(limit)")
        }
        let terms = filter.terms
        let order = " ORDER BY started_at_ms DESC, id DESC LIMIT ?"
        return try await rows(
            AttemptRow.select + terms.sql + order, StatementArguments(terms.arguments + [limit]))
    }

    /// Later reads throw; those that are under way finish.
    package func close() { database.withLock { $0 = nil } }

    private func rows(_ sql: String, _ arguments: StatementArguments) async throws(AuditError) -> [AuditedAttempt] {
        try await read { db in try Row.fetchAll(db, sql: sql, arguments: arguments).map(AttemptRow.decode) }
    }

    /// Reads one state of the file, on a thread of the connection's own.
    func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(AuditError) -> T {
        guard let database = database.withLock({ $0 }) else { throw AuditError("the audit log is closed") }
        do { return try await database.read(body) } catch { throw AuditError(error, path: path) }
    }
}
