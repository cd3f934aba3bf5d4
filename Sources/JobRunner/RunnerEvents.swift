import JobFlow
import Logging
import Metrics

/// Everything a worker says: log lines and metrics, in one place. The list is docs/events.md.
struct RunnerEvents: Sendable {
    let logger: Logger

    func started(_ claim: Claim, at now: Timestamp) {
        guard claim.epoch == 1 else { return }
        Self.seconds("sluice_queue_wait_seconds", now - claim.spec.createdAt, [("queue", claim.spec.queue)])
    }

    /// Called once for each claim, after it was settled or could not be.
    func finished(
        _ settlement: Settlement, of spec: JobSpec, _ outcome: SettleOutcome?, wasCancelled: Bool, at now: Timestamp
    ) {
        for attempt in settlement.attempts { report(attempt, of: spec) }
        if outcome == .lost, !wasCancelled { lost(spec) }
        guard outcome?.isWritten == true, let state = settlement.verdict.terminalState else { return }
        ended(id: spec.id, queue: spec.queue, state: state)
        let labels = [("queue", spec.queue), ("status", state.rawValue)]
        Self.seconds("sluice_job_duration_seconds", now - spec.createdAt, labels)
    }

    func ended(id: JobID, queue: String, state: JobState) {
        Counter(label: "sluice_jobs_finished_total", dimensions: [("queue", queue), ("status", state.rawValue)])
            .increment()
        let level: Logger.Level = state == .completed ? .debug : .warning
        logger.log(
            level: level, "job ended",
            metadata: ["job.id": "\(id)", "queue": "\(queue)", "status": "\(state.rawValue)"])
    }

    func reclaimed(_ jobs: Int) {
        guard jobs > 0 else { return }
        Counter(label: "sluice_leases_reclaimed_total").increment(by: jobs)
        logger.warning("leases of dead workers taken back", metadata: ["jobs": "\(jobs)"])
    }

    func settlementFailed(_ settlement: Settlement, _ error: StoreError, isKept: Bool) {
        let metadata: Logger.Metadata = ["job.id": "\(settlement.id)", "error": "\(error)"]
        if isKept, error.isRetriable {
            logger.warning("a settlement is kept until the queue can be reached", metadata: metadata)
        } else {
            Counter(label: "sluice_settlements_lost_total").increment()
            logger.error("a settlement could not be written", metadata: metadata)
        }
    }

    func audited(_ rows: Int) { Counter(label: "sluice_audit_rows_total").increment(by: rows) }

    func auditFailed(_ spec: JobSpec, _ error: AuditError) {
        Counter(label: "sluice_audit_failures_total").increment()
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
        Counter(label: "sluice_settlements_lost_total").increment()
        logger.warning("a settlement came too late and was not written", metadata: ["job.id": "\(spec.id)"])
    }

    private func report(_ attempt: Attempt, of spec: JobSpec) {
        logger.info("attempt", metadata: Self.metadata(attempt, spec))
        let reason = attempt.reason ?? ""
        let endpoint = ("endpoint", attempt.endpoint)
        Counter(
            label: "sluice_attempts_total",
            dimensions: [endpoint, ("outcome", attempt.outcome.rawValue), ("reason", reason)]
        ).increment()
        Self.seconds("sluice_attempt_duration_seconds", attempt.endedAt - attempt.startedAt, [endpoint])
        if attempt.outcome == .retry, let delay = attempt.delayMilliseconds {
            Counter(label: "sluice_retries_total", dimensions: [endpoint, ("reason", reason)]).increment()
            Self.seconds("sluice_retry_delay_seconds", .milliseconds(delay), [])
        }
        for (kind, tokens) in attempt.usage?.kinds ?? [] {
            Counter(label: "sluice_tokens_total", dimensions: [endpoint, ("kind", kind)]).increment(by: tokens)
        }
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

    private static func seconds(_ label: String, _ duration: Duration, _ dimensions: [(String, String)]) {
        Timer(label: label, dimensions: dimensions).recordMilliseconds(max(0, duration.wholeMilliseconds))
    }
}

extension TokenUsage {
    fileprivate var kinds: [(String, Int)] {
        [("prompt", promptTokens), ("completion", completionTokens), ("cached", cachedTokens)]
    }
}
