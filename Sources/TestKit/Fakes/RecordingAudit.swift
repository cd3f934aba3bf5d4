package import JobFlow
import Synchronization

/// Keeps the rows that it is given, or refuses them.
package final class RecordingAudit: AuditSink {
    private let kept = Mutex<[AuditedAttempt]>([])
    private let fails: Bool

    package init(fails: Bool = false) { self.fails = fails }

    package var rows: [AuditedAttempt] { kept.withLock { $0 } }

    package func append(_ rows: [AuditedAttempt]) async throws(AuditError) {
        if fails { throw AuditError("no space left on device") }
        kept.withLock { $0 += rows }
    }
}
