import JobFlow
import Logging

/// Writes into this machine's journal that a job was cancelled, so that a queue that loses its last writes is told again;
/// and tells the job's trace, where nobody else does.
struct NoteCancellation: Sendable {
    let journal: (any JobJournal)?
    let tracer: IntakeTracer?
    let logger: Logger

    /// The queue has it; should the journal fail, only a lost queue would bring the job back.
    func note(_ record: JobRecord, epoch: Int, wasWaiting: Bool, _ correlationID: String) async {
        if wasWaiting { tracer?.cancelled(record) }
        let end = Settlement(spec: record.spec, epoch: epoch, worker: "", verdict: .cancelled)
        do throws(AuditError) { try await journal?.noteEnd(end) } catch {
            logger.fault("a cancellation could not be journaled", error, correlationID)
        }
    }
}
