// What the spans of a job hold. Names that OpenTelemetry has are its own (semantic conventions for GenAI, HTTP and errors, 2026);
// it has none for queues of jobs and their retries: those are `sluice.…`.

extension TraceSpan {
    /// From acceptance to the first claim.
    package init(waitOf spec: JobSpec, _ trace: JobTrace, until now: Timestamp) {
        self.init(
            "queue wait", .inside, in: trace.trace, trace.wait, parent: trace.span, from: spec.createdAt, to: now)
        identify(spec)
    }

    /// From acceptance to the end.
    ///
    /// - Parameter attempts: rows of the ledger.
    package init(
        endOf spec: JobSpec, _ trace: JobTrace, _ state: JobState, _ verdict: Verdict, attempts: Int?, at now: Timestamp
    ) {
        self.init(
            "job \(spec.queue)", .consumer, in: trace.trace, trace.span, parent: trace.parent, state: trace.state,
            from: spec.createdAt, to: now)
        identify(spec)
        add("sluice.batch.id", spec.id.batch?.description)
        add("sluice.status", state.rawValue)
        add("sluice.attempts", attempts)
        switch (state, verdict) {
        case (.completed, .completed(let result, _)): add("sluice.served_by", result.servedBy.rawValue)
        case (.failed, .failed(let error, _)): fail(error.code)
        case (.expired, _): fail(JobError.deadlineExceeded.code)
        default: break
        }
    }

    package mutating func identify(_ spec: JobSpec) {
        add("sluice.job.id", spec.id.description)
        add("sluice.queue", spec.queue)
        add("sluice.correlation_id", spec.correlationID)
    }

    package mutating func fail(_ type: String) {
        hasFailed = true
        add("error.type", type)
    }
}
