import Curl
import JobFlow

/// What one call came to, for the job and for the endpoint.
struct Classified: Sendable {
    var outcome: CallReport.Outcome
    var signal: EndpointSignal
    var billed: Attempt.Billed
    var usage: TokenUsage?
}

/// Reads an HTTP answer. The table is in docs/outcomes.md.
enum ClassifyAnswer {
    static func classify(_ response: CurlResponse, endpoint: EndpointConfiguration, now: Timestamp) -> Classified {
        let json = try? JSONObject(parsing: response.body)
        if 200..<300 ~= response.status { return answered(response, json, endpoint) }
        let error = UpstreamError(status: response.status, json)
        let wait = RetryAfter.wait(response.headers, now: now)
        let answer =
            json == nil ? nil : JobResult(statusCode: response.status, body: response.body, endpoint: endpoint.name)

        func failure(
            _ reason: String, _ remedy: CallFailure.Remedy, _ signal: EndpointSignal, counted: Bool = true,
            billed: Attempt.Billed = .no
        ) -> Classified {
            let failure = CallFailure(
                reason: reason, remedy: remedy, isCounted: counted, isEndpointsFault: signal == .misconfigured,
                retryAfter: wait, error: error.jobError, answer: answer)
            return Classified(outcome: .failed(failure), signal: signal, billed: billed, usage: nil)
        }

        switch response.status {
        // Paid up to its limit: no wait of seconds opens it again.
        case 429 where error.jobError.code == "insufficient_quota":
            return failure("quota_exhausted", .retry, .misconfigured, counted: false)
        case 429: return failure("throttled", .retry, .throttled(for: wait), counted: false)
        case 401, 403: return failure("unauthorized", .retry, .misconfigured)
        case 404: return failure("deployment_not_found", .retry, .misconfigured)
        case 408, 504: return failure("upstream_timeout", .retry, .unhealthy, billed: .maybe)
        case 409: return failure("conflict", .retry, .silent)
        case 500...599: return failure("server_error", .retry, .unhealthy)
        case 300..<400: return failure("redirected", .retry, .misconfigured)
        default: return failure(error.reason, .giveUp, .healthy)
        }
    }

    private static func answered(
        _ response: CurlResponse, _ json: JSONObject?, _ endpoint: EndpointConfiguration
    ) -> Classified {
        func nonsense(_ reason: String, _ message: String) -> Classified {
            let failure = CallFailure(
                reason: reason, remedy: .retry, error: JobError(code: reason, message: message, type: "server_error"))
            return Classified(outcome: .failed(failure), signal: .unhealthy, billed: .maybe, usage: nil)
        }
        guard let json else { return nonsense("invalid_answer", "the endpoint's answer is not JSON") }
        guard json["error"]?.isNull ?? true else {
            return nonsense("error_in_answer", "the endpoint answered \(response.status) with an error")
        }
        guard json["choices"]?.array?.isEmpty != true else {
            return nonsense("empty_answer", "the endpoint answered without any choice")
        }
        let result = JobResult(statusCode: response.status, body: response.body, endpoint: endpoint.name)
        return Classified(
            outcome: .answered(result), signal: .healthy, billed: .yes,
            usage: json["usage"]?.object.flatMap(TokenUsage.init(upstream:)))
    }
}

/// The error object of an OpenAI-shaped answer.
struct UpstreamError {
    /// Codes that are worth telling apart in the ledger and in metrics. Everything else is `invalid_request`: the word
    /// becomes a label, and labels are bounded.
    private static let known: Set<String> = [
        "content_filter", "context_length_exceeded", "invalid_prompt", "previous_response_not_found",
        "string_above_max_length",
    ]

    var reason: String
    var jobError: JobError

    init(status: Int, _ json: JSONObject?) {
        let error = json?["error"]?.object
        let code = Self.word(error?["code"])
        let inner = error?["innererror"]?.object?["code"]?.string
        let isFiltered = code == "content_filter" || inner == "ResponsibleAIPolicyViolation"
        reason =
            isFiltered ? "content_filter" : code.flatMap { Self.known.contains($0) ? $0 : nil } ?? "invalid_request"
        jobError = JobError(
            code: isFiltered ? "content_filter" : code ?? "upstream_\(status)",
            message: "the endpoint answered \(status); its answer is in result.body",
            type: Self.word(error?["type"]) ?? (status < 500 ? "invalid_request_error" : "server_error"))
        if json == nil { jobError.message = "the endpoint answered \(status) without a JSON body" }
    }

    /// A constant of the upstream's. Anything longer could be a text, and quote the prompt.
    private static func word(_ value: JSONValue?) -> String? {
        guard let text = value?.string, (1...64).contains(text.utf8.count) else { return nil }
        return text.utf8.allSatisfy { isWordByte($0) } ? text : nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension TokenUsage {
    /// Reads `usage` in the spelling of chat completions or of responses.
    init?(upstream json: JSONObject) {
        guard let prompt = Self.count(json["prompt_tokens"] ?? json["input_tokens"]) else { return nil }
        let completion = Self.count(json["completion_tokens"] ?? json["output_tokens"]) ?? 0
        let details = json["prompt_tokens_details"]?.object ?? json["input_tokens_details"]?.object
        self.init(
            promptTokens: prompt, completionTokens: completion,
            cachedTokens: Self.count(details?["cached_tokens"]) ?? 0,
            totalTokens: Self.count(json["total_tokens"]))
    }

    /// Nonsense is no count: it would go into sums and budgets, and never come out again.
    private static func count(_ value: JSONValue?) -> Int? {
        value?.int.flatMap { 0...1_000_000_000 ~= $0 ? $0 : nil }
    }
}
