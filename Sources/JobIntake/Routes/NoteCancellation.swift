import JobFlow
import Logging

/// Writes into this machine's journal that a job was cancelled, so that a queue that loses its last writes is told again.
struct NoteCancellation: Sendable {
    let journal: (any JobJournal)?
    let logger: Logger

    /// The queue has it; should the journal fail, only a lost queue would bring the job back.
    func note(_ record: JobRecord, epoch: Int, _ correlationID: String) async {
        let end = Settlement(spec: record.spec, epoch: epoch, worker: "", verdict: .cancelled)
        do throws(AuditError) { try await journal?.noteEnd(end) } catch {
            logger.fault("a cancellation could not be journaled", error, correlationID)
        }
    }
}
