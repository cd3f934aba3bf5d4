package import JobFlow

/// Values for tests: plausible, and the same in every run.
package enum Samples {
    package static let start = Timestamp(milliseconds: 1_700_000_000_000)

    package static func id(_ number: Int = 1, partition: Int = 0) -> JobID {
        var random = SeededGenerator(seed: UInt64(number))
        return JobID(partition: partition, createdAt: start + .milliseconds(number), random: &random)
    }

    package static func spec(
        _ number: Int = 1, queue: String = "default", path: UpstreamPath = .chatCompletions, model: String? = "gpt-4o",
        body: String = #"{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}"#,
        deadline: Timestamp? = nil, maxAttempts: Int = 5
    ) -> JobSpec {
        JobSpec(
            id: id(number), queue: queue, path: path, model: model, body: Array(body.utf8), createdAt: start,
            deadline: deadline, maxAttempts: maxAttempts, correlationID: "req-\(number)")
    }

    package static func result(_ endpoint: String = "one") -> JobResult {
        JobResult(statusCode: 200, body: Array(#"{"choices":[{"index":0}]}"#.utf8), endpoint: endpoint)
    }

    package static func failure(
        _ reason: String = "server_error", remedy: CallFailure.Remedy = .retry, isCounted: Bool = true,
        isEndpointsFault: Bool = false, retryAfter: Duration? = nil, answer: JobResult? = nil
    ) -> CallFailure {
        CallFailure(
            reason: reason, remedy: remedy, isCounted: isCounted, isEndpointsFault: isEndpointsFault,
            retryAfter: retryAfter, error: JobError(code: reason, message: "it was \(reason)", type: "server_error"),
            answer: answer)
    }

    package static func throttled(_ wait: Duration?) -> CallFailure {
        failure("throttled", isCounted: false, retryAfter: wait)
    }

    package static let cancelled = failure(CallFailure.cancelledReason, isCounted: false)

    package static func answered(by endpoint: String = "one") -> CompletionOutcome {
        called(endpoint, 200, .answered(result(endpoint)), usage: TokenUsage(promptTokens: 7, completionTokens: 3))
    }

    package static func failed(_ failure: CallFailure, at endpoint: String = "one", status: Int? = nil)
        -> CompletionOutcome
    {
        called(endpoint, status, .failed(failure))
    }

    package static func report(_ outcome: CompletionOutcome) -> CallReport? {
        if case .called(let report) = outcome { report } else { nil }
    }

    private static func called(
        _ endpoint: String, _ status: Int?, _ outcome: CallReport.Outcome, usage: TokenUsage? = nil
    ) -> CompletionOutcome {
        .called(
            CallReport(
                endpoint: endpoint, region: "eastus", tier: "ptu", startedAt: start, endedAt: start + .seconds(2),
                statusCode: status, upstreamRequestID: "up-1", usage: usage, billed: usage == nil ? .maybe : .yes,
                outcome: outcome))
    }
}
