import JobFlow

extension Settlement {
    /// A job that completed at once, with an answer of about 1 KB.
    static func sample(_ claim: Claim) -> Settlement {
        let usage = TokenUsage(promptTokens: 11, completionTokens: 9)
        let end = claim.spec.createdAt + .milliseconds(900)
        return Settlement(
            claim: claim,
            verdict: .completed(JobResult(statusCode: 200, body: answer, endpoint: "eastus-ptu"), usage),
            attempts: [
                Attempt(
                    number: 1, endpoint: "eastus-ptu", region: "eastus", tier: "ptu", worker: claim.worker,
                    startedAt: claim.spec.createdAt, endedAt: end, outcome: .completed, statusCode: 200, billed: .yes,
                    usage: usage, upstreamRequestID: "4f1c2f2e-0b7a-4a55-9d3d-8a8f5d5b9a10")
            ], spent: 1, rounds: 0)
    }

    private static let answer = Array(Answer.text(bytes: 800).utf8)
}
