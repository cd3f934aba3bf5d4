import Foundation
import GRDB
package import JobFlow

/// Puts the ledgers of several logs into one file, each with its chain. A log is taken up again where it was left: what was
/// merged before is not read twice. The logs may be written meanwhile; they are only read.
package struct AuditMerger: Sendable {
    private let file: AuditFile

    /// Creates the file where it is missing. Throws for a log that is written.
    package init(into path: String) throws(AuditError) {
        let isNew = !FileManager.default.fileExists(atPath: path)
        file = try AuditFile.open(AuditConfiguration(path: path), isMerged: true)
        try file.withWriter { db in
            // A new file begins as a log.
            if isNew { try db.execute(sql: "DELETE FROM chains") }
            guard try ChainRow.all(db).allSatisfy(\.isMerged) else {
                throw AuditError(
                    "\(path): a log that is written here, not a merged file; name another file for the merge")
            }
        }
    }

    /// Takes what is new in a log, or in another merged file. Returns how many rows that were.
    package func merge(_ path: String) throws(AuditError) -> Int {
        try AuditReader(path: path).close()
        return try file.withWriter { db in
            try db.execute(sql: "ATTACH DATABASE ? AS source", arguments: [path])
            defer { try? db.execute(sql: "DETACH DATABASE source") }
            do {
                return try ChainRow.all(db, in: "source").reduce(0) { try $0 + take($1, db) }
            } catch { throw AuditError(error, path: path) }
        }
    }

    private func take(_ chain: Chain, _ db: Database) throws -> Int {
        var rows = 0
        var isDone = false
        while !isDone {
            try db.inTransaction(.immediate) {
                let step = try ChainMerge(db, chain).step()
                rows += step.rows
                isDone = step.isLast
                return .commit
            }
        }
        return rows
    }

    package func close() { try? file.close() }
}
