import JobFlow
import Logging
import Metrics

extension Spool {
    /// Keeps the gauge, and says when jobs begin to wait for the queue and when the last of them has left.
    func report(to metrics: IntakeMetrics, _ logger: Logger) {
        let gauge = metrics.spooled()
        follow { old, new in
            gauge.record(new)
            if old == 0, new > 0 { logger.notice("the queue is away, jobs are kept in the journal") }
            if old > 0, new == 0 { logger.notice("the queue has every accepted job again") }
        }
    }
}
