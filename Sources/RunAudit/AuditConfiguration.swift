import JobFlow

/// The `audit` part of worker.json, and the bounds of the writer.
package struct AuditConfiguration: Sendable, Equatable {
    /// How sure a row is when `record` or `accept` returns.
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
    /// Attempts that were recorded longer ago than this are deleted.
    package var retention: Duration
    /// Confirmed ends of jobs are kept for so long, in case the queue loses them.
    package var answersRetention: Duration
    /// A key that a client chose answers for its job for so long.
    package var idempotencyTTL: Duration
    /// A request that an SDK sent is known again for so long.
    package var resendTTL: Duration
    /// Rows in one transaction; a prompt or an answer of 8 KiB counts as one more. One entry is never split, so a transaction can be larger by one.
    package var maximumBatch: Int
    /// As many may wait for the disk, by the same count; past that `record` and `accept` throw at once. Of what nobody
    /// waits for, as many again.
    package var maximumPending: Int
    /// How often is looked for what has passed its time.
    package var pruneInterval: Duration

    package init(
        path: String, synchronous: Synchronous = .full, retention: Duration = .seconds(90 * 86_400),
        answersRetention: Duration = .seconds(86_400), idempotencyTTL: Duration = .seconds(86_400),
        resendTTL: Duration = .seconds(900), maximumBatch: Int = 512, maximumPending: Int = 100_000,
        pruneInterval: Duration = .seconds(60)
    ) {
        self.path = path
        self.synchronous = synchronous
        self.retention = retention
        self.answersRetention = answersRetention
        self.idempotencyTTL = idempotencyTTL
        self.resendTTL = resendTTL
        self.maximumBatch = maximumBatch
        self.maximumPending = maximumPending
        self.pruneInterval = pruneInterval
    }

    func validate() throws(AuditError) {
        if path.isEmpty { throw AuditError("audit.path: a file name was expected, it is empty") }
        for (name, time) in [
            ("audit.retention", retention), ("audit: answersRetention", answersRetention),
            ("audit: idempotencyTTL", idempotencyTTL), ("audit: resendTTL", resendTTL),
            ("audit: pruneInterval", pruneInterval),
        ] where time <= .zero {
            throw AuditError("\(name): has to be longer than zero")
        }
        if maximumBatch < 1 { throw AuditError("audit: maximumBatch has to be 1 or more, it is \(maximumBatch)") }
        if maximumPending < 1 { throw AuditError("audit: maximumPending has to be 1 or more, it is \(maximumPending)") }
    }

    /// How long a repeated request finds its job.
    func memory(of idempotency: Idempotency) -> Duration {
        switch idempotency.source {
        case .key: idempotencyTTL
        case .firstSend, .resend: resendTTL
        }
    }
}
