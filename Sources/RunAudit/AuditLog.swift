import Dispatch
import Foundation
package import JobFlow
package import Logging
import Synchronization

/// This machine's journal in SQLite: every attempt, every promise, every end. Written by group commit: callers hand their
/// entries over and wait, one serial queue writes all that wait as one transaction. So a thousand workers share one disk
/// flush, and none of them blocks a thread that runs tasks. What comes while one is written is the next transaction.
///
/// Several processes may hold the same file open.
package final class AuditLog: Sendable {
    typealias Waiter = CheckedContinuation<Result<Void, AuditError>, Never>
    typealias Backlog = AuditBacklog<Waiter>

    /// How long an entry that nobody waits for may wait for one that somebody does.
    static let pause = Duration.milliseconds(50)
    /// How long the disk is left alone after it refused such an entry.
    static let pauseAfterFailure = Duration.seconds(1)

    let writer: AuditWriter
    let clock: WallClock
    private let backlog: Mutex<Backlog>
    private let queue = DispatchQueue(label: "sluice.audit.append")

    /// Opens the file, with its folders and tables. Blocks while another process does the same. `clock` tells the age of
    /// rows; the system's, if none is given.
    package init(
        configuration: AuditConfiguration, logger: Logger, clock: WallClock? = nil
    ) throws(AuditError) {
        try configuration.validate()
        self.clock = clock ?? SystemClock.now
        writer = AuditWriter(
            file: try AuditFile.open(configuration), configuration: configuration, logger: logger, clock: self.clock)
        backlog = Mutex(AuditBacklog(maximumPending: configuration.maximumPending))
        pruneLater()
    }

    /// Also when nothing is written: what has passed its time goes.
    private func pruneLater() {
        queue.asyncAfter(deadline: .now() + writer.configuration.pruneInterval.inSeconds) { [weak self] in
            guard let self, !backlog.withLock({ $0.isClosed }) else { return }
            writer.pruneIfDue()
            pruneLater()
        }
    }

    /// Returns when the entry is committed. Cancelling the caller does not take it back.
    func commit(_ entry: JournalEntry) async throws(AuditError) {
        let result = await withCheckedContinuation { (waiter: Waiter) in
            switch admit({ $0.admit(entry, waiter) }) {
            case .startDrain, .startPause, .waits: break
            case .closed: waiter.resume(returning: .failure(AuditError("the audit log is closed")))
            case .full(let pending):
                waiter.resume(
                    returning: .failure(AuditError("the disk is too slow: \(pending) rows wait for the audit log")))
            }
        }
        try result.get()
    }

    /// Takes an entry that nobody waits for. It is written with the next one that somebody waits for, or alone after a
    /// pause; should the disk fail, with a later one.
    func commitLater(_ entry: JournalEntry) { _ = admit { $0.admit(entry) } }

    /// The drain is queued inside the lock, so that it stands before the end that `close` queues.
    private func admit(
        after pause: Duration = pause, _ body: (inout Backlog) -> Backlog.Admission
    ) -> Backlog.Admission {
        backlog.withLock { backlog in
            let admission = body(&backlog)
            switch admission {
            case .startDrain: queue.async { self.drain() }
            case .startPause: queue.asyncAfter(deadline: .now() + pause.inSeconds) { self.wake() }
            case .waits, .closed, .full: break
            }
            return admission
        }
    }

    private func wake() {
        backlog.withLock { $0.wake() }
        drain()
    }

    private func drain() {
        while let items = backlog.withLock({ $0.takeAll() }) {
            var kept: [Backlog.Item] = []
            for batch in AuditBacklog.batches(items, maximum: writer.configuration.maximumBatch) {
                // Once the disk has refused, it is only asked for what somebody waits for.
                let isRefused = !kept.isEmpty
                let isWritten = write(isRefused ? batch.filter(\.isAwaited) : Array(batch))
                if isRefused || !isWritten { kept += batch.filter { !$0.isAwaited } }
            }
            _ = admit(after: Self.pauseAfterFailure) { $0.giveBack(kept) }
            writer.pruneIfDue()
        }
    }

    /// One transaction. Returns whether it was committed, and tells those who wait.
    private func write(_ items: [Backlog.Item]) -> Bool {
        guard !items.isEmpty else { return true }
        let awaitedRows = items.reduce(0) { $0 + ($1.isAwaited ? $1.entry.rows : 0) }
        let result = writer.write(
            items.map(\.entry), isAwaited: items.contains(where: \.isOwed), awaitedRows: awaitedRows)
        let isWritten = (try? result.get()) != nil
        backlog.withLock { $0.finish(items, areWritten: isWritten) }
        for item in items { item.waiter?.resume(returning: result) }
        return isWritten
    }

    /// Writes what waits, then closes the file. Blocks for as long as the disk takes; later entries are refused.
    package func close() {
        let isFirst = backlog.withLock { $0.close() }
        queue.sync {
            guard isFirst else { return }
            drain()
            writer.close()
        }
    }

    package var counts: AuditCounts {
        var counts = writer.counts
        counts.droppedRows = backlog.withLock { $0.droppedRows }
        return counts
    }

    /// Rows that were handed over and are not on disk yet.
    package var pendingRows: Int { backlog.withLock { $0.pending } }

    /// The open file, for tests that make its disk fail.
    var file: AuditFile { writer.file }
}
