import JobFlow
import Logging
import Metrics

/// Writes into this machine's journal that a job was cancelled, so that a queue that loses its last writes is told again; counts
/// it, because no worker settles it; and tells the job's trace, where nobody else does.
struct NoteCancellation: Sendable {
    private let journal: (any JobJournal)?
    private let tracer: IntakeTracer?
    private let cancelled: [String: Counter]
    private let logger: Logger

    init(
        journal: (any JobJournal)?, tracer: IntakeTracer?, queues: [IntakeQueue], metrics: IntakeMetrics, logger: Logger
    ) {
        self.journal = journal
        self.tracer = tracer
        self.logger = logger
        cancelled = metrics.cancelled(queues)
    }

    /// The queue has it; should the journal fail, only a lost queue would bring the job back.
    ///
    /// - Parameter state: the one that it was cancelled in; nil if it had been cancelled before.
    func note(_ record: JobRecord, epoch: Int, from state: JobState?, _ correlationID: String) async {
        if let state {
            cancelled[record.spec.queue]?.increment()
            if state != .inProgress { tracer?.cancelled(record) }
        }
        let end = Settlement(spec: record.spec, epoch: epoch, worker: "", verdict: .cancelled)
        do throws(AuditError) { try await journal?.noteEnd(end) } catch {
            logger.fault("a cancellation could not be journaled", error, correlationID)
        }
    }
}
