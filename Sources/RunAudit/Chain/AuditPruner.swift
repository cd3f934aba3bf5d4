package import JobFlow

/// Prunes a log, or a merged file, from outside of the processes that write it.
package struct AuditPruner: Sendable {
    /// Rows of one transaction: some milliseconds.
    static let rowsAtOnce = 1_000

    private let file: AuditFile

    /// Throws when there is no such file.
    package init(path: String) throws(AuditError) {
        try AuditReader(path: path).close()
        file = try AuditFile.open(AuditConfiguration(path: path), isMerged: true)
    }

    /// Deletes attempts that were recorded longer ago than this, in small transactions. After each it leaves the file to
    /// those who write it for as long as the transaction took. Returns how many rows went.
    package func prune(olderThan age: Duration, at now: Timestamp) async throws -> Int {
        let pruning = ChainPruning(at: now, olderThan: age, limit: Self.rowsAtOnce)
        var rows = 0
        while true {
            let start = ContinuousClock.now
            let step = try file.prune(pruning)
            rows += step.rows
            if step.isLast { return rows }
            try await Task.sleep(for: ContinuousClock.now - start)
        }
    }

    package func close() { try? file.close() }
}
