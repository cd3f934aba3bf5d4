import JobFlow
import Logging
import Metrics

/// Everything a worker says: log lines and metrics, in one place. The list is docs/events.md.
struct RunnerEvents: Sendable {
    let logger: Logger
    private let metrics = RunnerMetrics()
    // Made at once: an alert sees the first one only if there was a 0 before it.
    private let auditedRows = Counter(label: "sluice_audit_rows_total")
    private let auditFailures = Counter(label: "sluice_audit_failures_total")
    private let reclaimedLeases = Counter(label: "sluice_leases_reclaimed_total")
    private let lostSettlements = Counter(label: "sluice_settlements_lost_total")

    init(logger: Logger) { self.logger = logger }

    func started(_ claim: Claim, at now: Timestamp) {
        if claim.epoch == 1 { metrics.queue(claim.spec.queue).waited(now - claim.spec.createdAt) }
    }

    /// Called once for each claim, after it was settled or could not be.
    func finished(
        _ settlement: Settlement, of spec: JobSpec, _ outcome: SettleOutcome?, wasCancelled: Bool, at now: Timestamp
    ) {
        for attempt in settlement.attempts { report(attempt, of: spec) }
        if outcome == .lost, !wasCancelled { lost(spec) }
        guard outcome?.isWritten == true, let state = settlement.verdict.terminalState else { return }
        ended(id: spec.id, queue: spec.queue, state: state)
        metrics.cache(CacheOutcome(settlement.verdict, of: spec))
        metrics.queue(spec.queue).lasted(now - spec.createdAt, until: state)
    }

    func ended(id: JobID, queue: String, state: JobState) {
        metrics.queue(queue).ended(state)
        let level: Logger.Level = state == .completed ? .debug : .warning
        logger.log(
            level: level, "job ended",
            metadata: ["job.id": "\(id)", "queue": "\(queue)", "status": "\(state.rawValue)"])
    }

    func reclaimed(_ jobs: Int) {
        guard jobs > 0 else { return }
        reclaimedLeases.increment(by: jobs)
        logger.warning("leases of dead workers taken back", metadata: ["jobs": "\(jobs)"])
    }

    func settlementFailed(_ settlement: Settlement, _ error: StoreError, isKept: Bool) {
        let metadata: Logger.Metadata = ["job.id": "\(settlement.id)", "error": "\(error)"]
        if isKept, error.isRetriable {
            logger.warning("a settlement is kept until the queue can be reached", metadata: metadata)
        } else {
            lostSettlements.increment()
            logger.error("a settlement could not be written", metadata: metadata)
        }
    }

    func logIncomplete(_ spec: JobSpec) {
        logger.warning("the log of a streamed job is incomplete", metadata: ["job.id": "\(spec.id)"])
    }

    func audited(_ rows: Int) { auditedRows.increment(by: rows) }

    func auditFailed(_ spec: JobSpec, _ error: AuditError) {
        auditFailures.increment()
        logger.error("attempts are missing in the audit log", metadata: ["job.id": "\(spec.id)", "error": "\(error)"])
    }

    func revoked(_ spec: JobSpec, _ cause: Revocation.Cause) {
        let metadata: Logger.Metadata = ["job.id": "\(spec.id)", "correlation.id": "\(spec.correlationID)"]
        switch cause {
        case .leaseLost: logger.warning("a lease was lost, its call is closed", metadata: metadata)
        case .cancelled: logger.info("a running job was cancelled, its call is closed", metadata: metadata)
        }
    }

    func storeFailed(_ error: StoreError) {
        logger.warning("the queue cannot be reached", metadata: ["error": "\(error)"])
    }

    func storeIsBack() { logger.notice("the queue can be reached again") }

    func hurrying() { logger.notice("hurrying") }

    func draining(_ held: Int) { logger.notice("draining", metadata: ["held": "\(held)"]) }

    private func lost(_ spec: JobSpec) {
        lostSettlements.increment()
        logger.warning("a settlement came too late and was not written", metadata: ["job.id": "\(spec.id)"])
    }

    private func report(_ attempt: Attempt, of spec: JobSpec) {
        logger.info("attempt", metadata: Self.metadata(attempt, spec))
        metrics.endpoint(attempt.endpoint).ended(attempt)
    }

    private static func metadata(_ attempt: Attempt, _ spec: JobSpec) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "job.id": "\(spec.id)", "attempt": "\(attempt.number)", "endpoint": "\(attempt.endpoint)",
            "region": "\(attempt.region)", "outcome": "\(attempt.outcome.rawValue)",
            "duration_ms": "\((attempt.endedAt - attempt.startedAt).wholeMilliseconds)",
            "correlation.id": "\(spec.correlationID)", "queue": "\(spec.queue)", "billed": "\(attempt.billed.rawValue)",
        ]
        if let status = attempt.statusCode { metadata["status_code"] = "\(status)" }
        if let reason = attempt.reason { metadata["reason"] = "\(reason)" }
        if let delay = attempt.delayMilliseconds { metadata["delay_ms"] = "\(delay)" }
        if let tokens = attempt.usage?.totalTokens { metadata["tokens"] = "\(tokens)" }
        if let id = attempt.upstreamRequestID { metadata["upstream.request.id"] = "\(id)" }
        return metadata
    }
}
