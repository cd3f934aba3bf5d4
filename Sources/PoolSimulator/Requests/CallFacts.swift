/// What the decision about a call needs to know of it.
package struct CallFacts: Sendable {
    /// Prompt characters / 4.
    package var promptTokens: Int
    /// The part of them that comes from the prompt cache.
    package var cachedTokens: Int
    /// `max_tokens`, 256 when the call names none, 0 where the answer is not text.
    package var maxTokens: Int
    /// Tokens of an ordinary answer, 0 where the answer is not text.
    package var outputTokens: Int
    package var isStreamed: Bool
    /// The deployment or model that is asked for, when the endpoint has it.
    package var deployment: String?
    /// The endpoint that the request itself names for its overflow; the endpoint's own wins.
    package var spillover: String?
    /// The request cannot be served by any model.
    package var refusal: Refusal?
    /// The prompt carries a marker; the model refuses after the call was admitted.
    package var promptRefusal: Refusal?

    package init(
        promptTokens: Int = 0, cachedTokens: Int? = nil, maxTokens: Int = 0, outputTokens: Int = 0,
        isStreamed: Bool = false, deployment: String? = nil, spillover: String? = nil, refusal: Refusal? = nil,
        promptRefusal: Refusal? = nil
    ) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens ?? AnswerUsage.cached(ofPrompt: promptTokens)
        self.maxTokens = maxTokens
        self.outputTokens = outputTokens
        self.isStreamed = isStreamed
        self.deployment = deployment
        self.spillover = spillover
        self.refusal = refusal
        self.promptRefusal = promptRefusal
    }

    /// Unweighted, and nothing taken off for what is cached.
    package var estimatedTokens: Int { promptTokens + maxTokens }
}

extension CallFacts {
    static let assumedMaxTokens = 256
    static let usualAnswerTokens = 60
    static let longestAnswerTokens = 16_384

    /// The facts of a request that was read without a fault.
    package init(_ body: ModelRequest, operation: ModelOperation) {
        let isText = operation != .embeddings
        let allowed = min(body.maxTokens ?? Self.assumedMaxTokens, 1_000_000)
        let answer = min(body.maxTokens ?? Self.usualAnswerTokens, Self.longestAnswerTokens)
        self.init(
            promptTokens: body.promptTokens, maxTokens: isText ? allowed : 0,
            outputTokens: isText ? max(1, answer) : 0, isStreamed: isText && body.stream,
            promptRefusal: body.marker.map { $0 == .contentFilter ? .contentFilter : .contextLength })
    }
}
