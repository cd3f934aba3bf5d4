import JobFlow

/// The `audit` part of worker.json, and the bounds of the writer.
package struct AuditConfiguration: Sendable, Equatable {
    /// How sure a row is when `append` returns.
    package enum Synchronous: String, CaseIterable, Sendable {
        /// On the disk: rows survive a power cut.
        case full
        /// In the operating system's hands: rows survive a crash of the process, the last ones not a power cut.
        case normal
        /// SQLite never waits for the disk; a power cut can damage the file.
        case off

        /// What SQLite answers to `PRAGMA synchronous`.
        var level: Int {
            switch self {
            case .off: 0
            case .normal: 1
            case .full: 2
            }
        }
    }

    package var path: String
    package var synchronous: Synchronous
    /// Rows whose attempt started longer ago than this are deleted.
    package var retention: Duration
    /// Rows in one transaction. One `append` is never split, so a transaction can be larger by one append.
    package var maximumBatch: Int
    /// Rows that may wait for the disk; past that `append` throws at once.
    package var maximumPending: Int

    package init(
        path: String, synchronous: Synchronous = .full, retention: Duration = .seconds(90 * 86_400),
        maximumBatch: Int = 512, maximumPending: Int = 100_000
    ) {
        self.path = path
        self.synchronous = synchronous
        self.retention = retention
        self.maximumBatch = maximumBatch
        self.maximumPending = maximumPending
    }

    func validate() throws(AuditError) {
        if path.isEmpty { throw AuditError("audit.path: a file name was expected, it is empty") }
        if retention <= .zero { throw AuditError("audit.retention: has to be longer than zero") }
        if maximumBatch < 1 { throw AuditError("audit: maximumBatch has to be 1 or more, it is \(maximumBatch)") }
        if maximumPending < 1 { throw AuditError("audit: maximumPending has to be 1 or more, it is \(maximumPending)") }
    }
}
