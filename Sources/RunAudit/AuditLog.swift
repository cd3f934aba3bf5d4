import Dispatch
package import JobFlow
package import Logging
import Synchronization

/// The SQLite log of every attempt, written by group commit: appenders hand their rows over and wait, one serial queue
/// writes all that wait as one transaction. So a thousand workers share one disk flush, and none of them blocks a
/// thread of the cooperative pool.
///
/// Several processes may hold the same file open.
package final class AuditLog: AuditSink, Sendable {
    typealias Waiter = CheckedContinuation<Result<Void, AuditError>, Never>

    private let writer: AuditWriter
    private let backlog: Mutex<AuditBacklog<Waiter>>
    private let queue = DispatchQueue(label: "sluice.audit.append")

    /// Opens the file, with its folders and tables. Blocks while another process does the same. `clock` tells the age of
    /// rows; the system's, if none is given.
    package init(
        configuration: AuditConfiguration, logger: Logger, clock: WallClock? = nil
    ) throws(AuditError) {
        try configuration.validate()
        writer = AuditWriter(
            file: try AuditFile.open(configuration), configuration: configuration, logger: logger,
            clock: clock ?? SystemClock.now)
        backlog = Mutex(AuditBacklog(maximumPending: configuration.maximumPending))
    }

    /// Returns when the rows are committed, all of them or none. Cancelling the caller does not take them back.
    package func append(_ rows: [AuditedAttempt]) async throws(AuditError) {
        guard !rows.isEmpty else { return }
        let result = await withCheckedContinuation { (waiter: Waiter) in
            // The drain is queued inside the lock, so that it stands before the end that `close` queues.
            let admission = backlog.withLock { backlog in
                let admission = backlog.admit(rows, waiter)
                if admission == .startDrain { queue.async { self.drain() } }
                return admission
            }
            switch admission {
            case .startDrain, .waits: break
            case .closed: waiter.resume(returning: .failure(AuditError("the audit log is closed")))
            case .full(let pending):
                waiter.resume(
                    returning: .failure(AuditError("the disk is too slow: \(pending) rows wait for the audit log")))
            }
        }
        try result.get()
    }

    private func drain() {
        while let entries = backlog.withLock({ $0.takeAll() }) {
            for batch in AuditBacklog.batches(entries, maximum: writer.configuration.maximumBatch) {
                let rows = batch.reduce(0) { $0 + $1.rows.count }
                let result = writer.write(batch.lazy.flatMap(\.rows), count: rows)
                backlog.withLock { $0.finish(rows: rows) }
                for entry in batch { entry.waiter.resume(returning: result) }
            }
            writer.pruneIfDue()
        }
    }

    /// Writes what waits, then closes the file. Blocks for as long as the disk takes; later appends throw.
    package func close() {
        let isFirst = backlog.withLock { $0.close() }
        queue.sync { if isFirst { writer.close() } }
    }

    /// The ledger of one job, oldest first.
    package func attempts(of job: JobID) async throws(AuditError) -> [AuditedAttempt] {
        try await writer.file.reader.attempts(of: job)
    }

    /// Newest first. `limit` is 1 to `AuditReader.maximumLimit`.
    package func query(_ filter: AuditFilter, limit: Int) async throws(AuditError) -> [AuditedAttempt] {
        try await writer.file.reader.query(filter, limit: limit)
    }

    package var counts: AuditCounts { writer.counts }

    /// Rows that were handed over and are not on disk yet.
    package var pendingRows: Int { backlog.withLock { $0.pending } }

    /// The open file, for tests that make its disk fail.
    var file: AuditFile { writer.file }
}
