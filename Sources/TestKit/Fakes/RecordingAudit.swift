package import JobFlow
import Synchronization

/// Keeps what it is given, or refuses it.
package final class RecordingAudit: AuditSink {
    package struct Answer: Sendable, Equatable {
        package var id: JobID
        package var outcome: SettleOutcome
    }

    private struct Kept {
        var settlements: [Settlement] = []
        var answers: [Answer] = []
        var noted: [AuditedAttempt] = []
        var ended: [EndedJob] = []
    }

    private let kept = Mutex(Kept())
    private let fails: Bool

    package init(fails: Bool = false) { self.fails = fails }

    /// Every attempt, in the order of writing.
    package var rows: [AuditedAttempt] { kept.withLock { $0.settlements.flatMap(\.auditedAttempts) + $0.noted } }
    package var settlements: [Settlement] { kept.withLock { $0.settlements } }
    package var answers: [Answer] { kept.withLock { $0.answers } }
    package var ended: [EndedJob] { kept.withLock { $0.ended } }

    package func record(_ settlement: Settlement) async throws(AuditError) {
        if fails { throw AuditError("no space left on device") }
        kept.withLock { $0.settlements.append(settlement) }
    }

    package func settled(_ settlement: Settlement, _ outcome: SettleOutcome) {
        kept.withLock { $0.answers.append(Answer(id: settlement.id, outcome: outcome)) }
    }

    package func note(_ attempts: [AuditedAttempt], _ ended: [EndedJob]) {
        kept.withLock { kept in
            kept.noted += attempts
            kept.ended += ended
        }
    }
}
