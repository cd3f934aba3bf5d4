import JobFlow

// What the spans of a job hold. Names that OpenTelemetry has are its own (semantic conventions for GenAI, HTTP and errors, 2026);
// it has none for queues of jobs and their retries: those are `sluice.…`.

extension TraceSpan {
    /// From acceptance to the first claim.
    init(waitOf spec: JobSpec, _ trace: JobTrace, until now: Timestamp) {
        self.init(
            "queue wait", .inside, in: trace.trace, trace.wait, parent: trace.span, from: spec.createdAt, to: now)
        identify(spec)
    }

    /// From acceptance to the end.
    ///
    /// - Parameter attempts: rows of the ledger.
    init(
        endOf spec: JobSpec, _ trace: JobTrace, _ state: JobState, _ verdict: Verdict, attempts: Int?, at now: Timestamp
    ) {
        self.init(
            "job \(spec.queue)", .consumer, in: trace.trace, trace.span, parent: trace.parent, state: trace.state,
            from: spec.createdAt, to: now)
        identify(spec)
        add("sluice.status", state.rawValue)
        add("sluice.attempts", attempts)
        switch (state, verdict) {
        case (.completed, .completed(let result, _)): add("sluice.served_by", result.servedBy.rawValue)
        case (.failed, .failed(let error, _)): fail(error.code)
        case (.expired, _): fail(JobError.deadlineExceeded.code)
        default: break
        }
    }

    /// One call of an endpoint.
    ///
    /// - Parameter model: what the endpoint says that answered.
    init(
        _ attempt: Attempt, of spec: JobSpec, _ trace: JobTrace, at place: EndpointPlace?, model: String? = nil
    ) {
        let operation = spec.path.operationName
        self.init(
            spec.model.map { "\(operation) \($0.clipped)" } ?? operation, .client, in: trace.trace,
            trace.attempt(attempt.number), parent: trace.span, state: trace.state, from: attempt.startedAt,
            to: attempt.endedAt)
        add("gen_ai.operation.name", operation)
        add("gen_ai.provider.name", "azure.ai.openai")
        add("gen_ai.request.model", spec.model?.clipped)
        add("gen_ai.response.model", model?.clipped)
        add("gen_ai.usage.input_tokens", attempt.usage?.promptTokens)
        add("gen_ai.usage.output_tokens", attempt.usage?.completionTokens)
        add("server.address", place?.host)
        add("server.port", place?.port)
        add("http.response.status_code", attempt.statusCode)
        identify(spec)
        add("sluice.attempt", attempt.number)
        add("sluice.endpoint", attempt.endpoint)
        add("sluice.region", attempt.region)
        add("sluice.tier", attempt.tier)
        add("sluice.outcome", attempt.outcome.rawValue)
        add("sluice.reason", attempt.reason)
        add("sluice.delay_ms", attempt.delayMilliseconds)
        add("sluice.billed", attempt.billed.rawValue)
        add("sluice.upstream_request_id", attempt.upstreamRequestID)
        if attempt.outcome != .completed { fail(attempt.reason ?? attempt.outcome.rawValue) }
    }

    private mutating func identify(_ spec: JobSpec) {
        add("sluice.job.id", spec.id.description)
        add("sluice.queue", spec.queue)
        add("sluice.correlation_id", spec.correlationID)
    }

    private mutating func fail(_ type: String) {
        hasFailed = true
        add("error.type", type)
    }
}

extension UpstreamPath {
    /// `gen_ai.operation.name`.
    fileprivate var operationName: String {
        switch self {
        case .chatCompletions, .responses: "chat"
        case .embeddings: "embeddings"
        case .completions: "text_completion"
        }
    }
}

extension String {
    /// A name, however long somebody else made it.
    fileprivate var clipped: String { String(prefix(128)) }
}
