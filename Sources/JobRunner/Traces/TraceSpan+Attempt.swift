import JobFlow

extension TraceSpan {
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
