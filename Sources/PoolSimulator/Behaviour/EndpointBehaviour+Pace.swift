extension EndpointBehaviour {
    private static let longestDelay = 3_600_000.0

    /// Microseconds until the answer; `jitter` is a draw from 0 to 1.
    func delay(tokens: Int, jitter draw: Double) -> Int64 {
        let milliseconds = (latencyMs + msPerToken * Double(tokens)) * slowFactor * (1 + jitter * (2 * draw - 1))
        // Values set by code rather than by JSON were not checked; none of them may trap here.
        guard milliseconds > 0 else { return 0 }
        return Int64(min(milliseconds, Self.longestDelay) * 1000)
    }

    /// Tokens of the answer to a call that asked for so many.
    func answerTokens(asked: Int) -> Int {
        guard asked > 0, let answerBytes else { return asked }
        return (answerBytes + 3) / 4
    }

    mutating func takeScriptedStatus() -> Int? {
        failNext.isEmpty ? nil : failNext.removeFirst()
    }
}
