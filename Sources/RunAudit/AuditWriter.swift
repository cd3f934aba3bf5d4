import JobFlow
import Logging
import Synchronization

/// The writing side: turns a batch into a transaction, follows the file when it is moved away, deletes what is too old.
/// Called by one serial queue; the lock is for those who read the counts and the file meanwhile.
final class AuditWriter: Sendable {
    /// Rows deleted in one go, so that a large clean-up does not hold up those who append.
    static let pruneChunk = 2_000

    private struct State: Sendable {
        var file: AuditFile
        var counts = AuditCounts()
        var isFailing = false
        var nextPrune: Timestamp
    }

    let configuration: AuditConfiguration
    private let logger: Logger
    private let clock: WallClock
    private let state: Mutex<State>

    init(file: AuditFile, configuration: AuditConfiguration, logger: Logger, clock: @escaping WallClock) {
        var logger = logger
        logger[metadataKey: "audit.path"] = "\(configuration.path)"
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
        state = Mutex(State(file: file, nextPrune: clock()))
    }

    var file: AuditFile { state.withLock { $0.file } }

    var counts: AuditCounts { state.withLock { $0.counts } }

    func write(_ batch: [JournalEntry], isAwaited: Bool = true, awaitedRows: Int) -> Result<Void, AuditError> {
        let result = Result { () throws(AuditError) in
            try fileInPlace().write(batch, isAwaited: isAwaited, at: clock())
        }
        record(result, rows: batch.reduce(0) { $0 + $1.rows }, awaitedRows: awaitedRows)
        return result
    }

    /// The open file; or, when somebody deleted or moved it, a new one at the same path.
    private func fileInPlace() throws(AuditError) -> AuditFile {
        let current = file
        if current.isInPlace { return current }
        logger.error("audit file was moved or deleted, opening a new one")
        let fresh = try AuditFile.open(configuration)
        state.withLock { $0.file = fresh }
        // Its rows went with it; there is nobody left to tell if closing fails too.
        try? current.close()
        return fresh
    }

    /// Counts, and logs the change between working and failing; each failed row is reported to whoever waits for it.
    private func record(_ result: Result<Void, AuditError>, rows: Int, awaitedRows: Int) {
        let wasFailing = state.withLock { state in
            defer {
                switch result {
                case .success:
                    state.counts.rows += rows
                    state.counts.commits += 1
                    state.isFailing = false
                case .failure:
                    state.counts.failedRows += awaitedRows
                    state.isFailing = true
                }
            }
            return state.isFailing
        }
        switch result {
        case .success where wasFailing: logger.notice("audit log is written again")
        case .failure(let error) where !wasFailing:
            logger.error("audit log cannot be written", metadata: ["error": "\(error)"])
        default: break
        }
    }

    /// Deletes a chunk of what has passed its time. A full chunk means that more is left: the next round goes on.
    func pruneIfDue() {
        let now = clock()
        let (file, next) = state.withLock { ($0.file, $0.nextPrune) }
        guard now >= next else { return }
        do throws(AuditError) {
            let ledger = try file.prune(
                ChainPruning(at: now, olderThan: configuration.retention, limit: Self.pruneChunk))
            state.withLock { $0.counts.prunedRows += ledger.rows }
            var isDone = ledger.isLast
            for expired in Expiry.all(at: now, configuration) {
                let pruned = try file.delete(expired, limit: Self.pruneChunk)
                state.withLock { $0.counts.prunedRows += pruned }
                if pruned == Self.pruneChunk { isDone = false }
            }
            state.withLock { $0.nextPrune = isDone ? now + configuration.pruneInterval : now }
        } catch {
            logger.warning("old audit rows cannot be deleted", metadata: ["error": "\(error)"])
            state.withLock { $0.nextPrune = now + configuration.pruneInterval }
        }
    }

    func close() {
        do throws(AuditError) { try file.close() } catch {
            logger.warning("audit log was not closed cleanly", metadata: ["error": "\(error)"])
        }
    }
}
