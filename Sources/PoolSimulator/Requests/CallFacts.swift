/// What the decision about a call needs to know of it.
package struct CallFacts: Sendable {
    /// What the bucket is charged on arrival: prompt characters / 4 and `max_tokens`, 256 when the call names none.
    package var estimatedTokens: Int
    /// Tokens of an ordinary answer, 0 where the answer is not text.
    package var outputTokens: Int
    /// The request cannot be served by any model.
    package var refusal: Refusal?
    /// The prompt carries a marker; the model refuses after the call was admitted.
    package var promptRefusal: Refusal?

    package init(
        estimatedTokens: Int = 0, outputTokens: Int = 0, refusal: Refusal? = nil, promptRefusal: Refusal? = nil
    ) {
        self.estimatedTokens = estimatedTokens
        self.outputTokens = outputTokens
        self.refusal = refusal
        self.promptRefusal = promptRefusal
    }
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
            estimatedTokens: body.promptTokens + (isText ? allowed : 0), outputTokens: isText ? max(1, answer) : 0,
            promptRefusal: body.marker.map { $0 == .contentFilter ? .contentFilter : .contextLength })
    }
}
