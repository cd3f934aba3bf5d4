/// How a tier counts the tokens of a call.
package struct TokenRule: Sendable, Equatable {
    private static let mostTokens = 1_000_000_000.0

    package let tier: EndpointTier
    let outputWeight: Double

    /// What a call takes on arrival: of a bucket (prompt − cached) + `max_tokens` × weight, of a quota everything
    /// unweighted.
    package func charge(_ call: CallFacts) -> Int {
        guard tier == .ptu else { return call.estimatedTokens }
        return max(0, call.promptTokens - call.cachedTokens) + weighted(call.maxTokens)
    }

    /// What a call cost in the end, when it was charged so much on arrival. A quota is not corrected.
    package func cost(_ usage: AnswerUsage, charged: Int) -> Int {
        tier == .ptu ? max(0, usage.prompt - usage.cached) + weighted(usage.completion) : charged
    }

    private func weighted(_ tokens: Int) -> Int {
        // A weight set by code was not checked.
        let product = (Double(tokens) * outputWeight).rounded()
        return product > 0 ? Int(min(product, Self.mostTokens)) : 0
    }
}

extension EndpointBehaviour {
    package var tokenRule: TokenRule { TokenRule(tier: tier, outputWeight: outputWeight) }
}
