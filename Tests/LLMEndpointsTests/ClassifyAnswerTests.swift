import Curl
import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

/// One line of the table: an answer, and what it comes to. `reason` is nil for an answer that completes the job.
struct AnswerRow: Sendable, CustomTestStringConvertible {
    var status: Int
    var body = #"{"error":{"message":"it failed","type":"some_type","code":"some_code"}}"#
    var headers: [(name: String, value: String)] = []
    var reason: String?
    var remedy = CallFailure.Remedy.retry
    var isCounted = true
    var signal: EndpointSignal
    var billed = Attempt.Billed.no

    var testDescription: String { "\(status) \(body.prefix(60))" }
}

private func code(_ code: String) -> String { #"{"error":{"message":"m","code":"\#(code)"}}"# }

@Suite struct ClassifyAnswerTests {
    private let place = endpoint("one")

    private func classify(_ status: Int, _ body: String, _ headers: [(name: String, value: String)] = []) -> Classified
    {
        let response = CurlResponse(status: status, headers: CurlHeaders(headers), body: Array(body.utf8))
        return ClassifyAnswer.classify(response, endpoint: place, now: Samples.start)
    }

    private func failure(_ classified: Classified) -> CallFailure? {
        if case .failed(let failure) = classified.outcome { failure } else { nil }
    }

    @Test(arguments: [
        AnswerRow(status: 200, body: #"{"choices":[{"index":0}]}"#, signal: .healthy, billed: .yes),
        AnswerRow(status: 201, body: #"{"id":"resp_1","error":null}"#, signal: .healthy, billed: .yes),
        AnswerRow(status: 200, body: #"{"data":[]}"#, signal: .healthy, billed: .yes),
        AnswerRow(status: 200, body: "", reason: "invalid_answer", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 200, body: "<html>", reason: "invalid_answer", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 200, body: "[]", reason: "invalid_answer", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 204, body: "", reason: "invalid_answer", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 200, body: code("x"), reason: "error_in_answer", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 200, body: #"{"choices":[]}"#, reason: "empty_answer", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 302, body: "", reason: "redirected", signal: .misconfigured("redirected")),
        AnswerRow(status: 400, reason: "invalid_request", remedy: .giveUp, signal: .healthy),
        AnswerRow(status: 400, body: "", reason: "invalid_request", remedy: .giveUp, signal: .healthy),
        AnswerRow(
            status: 400, body: code("content_filter"), reason: "content_filter", remedy: .giveUp, signal: .healthy),
        AnswerRow(
            status: 400, body: #"{"error":{"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            reason: "content_filter", remedy: .giveUp, signal: .healthy),
        AnswerRow(
            status: 400, body: code("context_length_exceeded"), reason: "context_length_exceeded", remedy: .larger,
            isCounted: false, signal: .healthy),
        AnswerRow(
            status: 400, body: code("invalid_prompt"), reason: "invalid_prompt", remedy: .giveUp, signal: .healthy),
        AnswerRow(
            status: 400, body: code("previous_response_not_found"), reason: "previous_response_not_found",
            signal: .silent),
        AnswerRow(
            status: 404, body: code("previous_response_not_found"), reason: "previous_response_not_found",
            signal: .silent),
        AnswerRow(status: 401, reason: "unauthorized", signal: .unauthorized),
        AnswerRow(status: 403, reason: "forbidden", signal: .misconfigured("forbidden")),
        AnswerRow(
            status: 404, body: code("DeploymentNotFound"), reason: "deployment_not_found",
            signal: .misconfigured("deployment_not_found")),
        AnswerRow(
            status: 200, body: #"{"choices":[{"index":0}]}"#,
            headers: [("x-ms-spillover-from-deployment", "ptu")], signal: .spilledOver, billed: .yes),
        AnswerRow(status: 408, reason: "upstream_timeout", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 409, reason: "conflict", signal: .silent),
        AnswerRow(status: 413, reason: "invalid_request", remedy: .giveUp, signal: .healthy),
        AnswerRow(status: 422, reason: "invalid_request", remedy: .giveUp, signal: .healthy),
        AnswerRow(status: 429, reason: "throttled", isCounted: false, signal: .throttled(for: nil)),
        AnswerRow(
            status: 429, body: "", headers: [("retry-after-ms", "250")], reason: "throttled", isCounted: false,
            signal: .throttled(for: .milliseconds(250))),
        AnswerRow(
            status: 429, headers: [("retry-after", "86400")], reason: "throttled", isCounted: false,
            signal: .throttled(for: .seconds(120))),
        AnswerRow(
            status: 429, body: code("insufficient_quota"), reason: "quota_exhausted", isCounted: false,
            signal: .misconfigured("quota_exhausted")),
        AnswerRow(status: 500, reason: "server_error", signal: .unhealthy()),
        AnswerRow(status: 502, body: "<html>", reason: "server_error", signal: .unhealthy()),
        AnswerRow(
            status: 503, headers: [("retry-after", "5")], reason: "server_error",
            signal: .unhealthy(restFor: .seconds(5))),
        AnswerRow(status: 504, reason: "upstream_timeout", signal: .unhealthy(), billed: .maybe),
        AnswerRow(status: 599, body: "", reason: "server_error", signal: .unhealthy()),
    ])
    func `every status has its meaning`(row: AnswerRow) {
        let classified = classify(row.status, row.body, row.headers)
        let failure = failure(classified)
        #expect(failure?.reason == row.reason)
        #expect(classified.signal == row.signal)
        #expect(classified.billed == row.billed)
        #expect(failure.map { $0.remedy } == (row.reason == nil ? nil : row.remedy))
        #expect(failure.map { $0.isCounted } == (row.reason == nil ? nil : row.isCounted))
        #expect(failure?.retryAfter == RetryAfter.wait(CurlHeaders(row.headers), now: Samples.start))
    }

    @Test(arguments: [("gpt-4o", "deployment_not_found"), (nil, "model_not_found")])
    func `a model that nobody knows is the client's mistake where every model is served`(
        model: String?, reason: String
    ) {
        var place = place
        place.model = model
        let response = CurlResponse(status: 404, headers: CurlHeaders([]), body: Array(code("model_not_found").utf8))
        let classified = ClassifyAnswer.classify(response, endpoint: place, now: Samples.start)
        #expect(failure(classified)?.reason == reason)
        #expect(classified.signal == (model == nil ? .silent : .misconfigured("deployment_not_found")))
    }

    @Test func `an answer is kept byte for byte, with its usage`() {
        let body =
            #" {"choices":[ {} ],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":5}}} "#
        let classified = classify(200, body)
        guard case .answered(let result) = classified.outcome else {
            Issue.record("it is an answer")
            return
        }
        #expect(result == JobResult(statusCode: 200, body: Array(body.utf8), servedBy: .endpoint, endpoint: "one"))
        #expect(classified.usage == TokenUsage(promptTokens: 9, completionTokens: 4, cachedTokens: 5, totalTokens: 13))
    }

    @Test(
        arguments: [
            (
                #"{"input_tokens":9,"output_tokens":4,"input_tokens_details":{"cached_tokens":2}}"#,
                TokenUsage(promptTokens: 9, completionTokens: 4, cachedTokens: 2)
            ),
            (#"{"prompt_tokens":9}"#, TokenUsage(promptTokens: 9, completionTokens: 0)), ("{}", nil), ("null", nil),
            ("[]", nil),
            (#"{"prompt_tokens":-1}"#, nil), (#"{"prompt_tokens":"9"}"#, nil), (#"{"prompt_tokens":1e18}"#, nil),
            (
                #"{"prompt_tokens":1,"completion_tokens":9223372036854775807,"total_tokens":-5}"#,
                TokenUsage(promptTokens: 1, completionTokens: 0)
            ),
        ] as [(String, TokenUsage?)])
    func `usage is read in either spelling, and nonsense is not`(usage: String, expected: TokenUsage?) {
        #expect(classify(200, #"{"usage":\#(usage)}"#).usage == expected)
    }

    @Test(arguments: [
        (#"{"choices":[{"finish_reason":"stop"}]}"#, true), (#"{"choices":[{"finish_reason":"tool_calls"}]}"#, true),
        (#"{"choices":[{"finish_reason":"stop"},{"finish_reason":"length"}]}"#, false),
        (#"{"choices":[{"finish_reason":"content_filter"}]}"#, false), (#"{"choices":[{"index":0}]}"#, false),
        (#"{"status":"completed","output":[]}"#, true), (#"{"status":"incomplete","output":[]}"#, false),
        (#"{"object":"list","data":[]}"#, true),
    ])
    func `only a whole answer may serve another request`(body: String, isComplete: Bool) {
        guard case .answered(let result) = classify(200, body).outcome else {
            Issue.record("it is an answer")
            return
        }
        #expect(result.isReusable == isComplete)
    }

    @Test func `the client gets the upstream's error, and its answer`() {
        let body = #"{"error":{"message":"SECRET","type":"invalid_request_error","code":"bad_thing"}}"#
        let failure = failure(classify(400, body))
        #expect(failure?.answer == JobResult(statusCode: 400, body: Array(body.utf8), endpoint: "one"))
        #expect(failure?.error.code == "bad_thing" && failure?.error.type == "invalid_request_error")
        #expect(failure?.error.message == "the endpoint answered 400; its answer is in result.body")
        #expect(failure?.reason == "invalid_request")
    }

    @Test(arguments: [
        "<html>", "", "{", #"{"error":"text"}"#, #"{"error":{"code":null,"type":7}}"#, code("a text with the prompt"),
    ])
    func `an error of another shape gets a code of ours`(body: String) {
        let bad = failure(classify(422, body))
        #expect(bad?.error.code == "upstream_422" && bad?.error.type == "invalid_request_error")
        let broken = failure(classify(500, body))
        #expect(broken?.error.code == "upstream_500" && broken?.error.type == "server_error")
        #expect(broken?.answer == nil || body.first == "{")
    }

    @Test func `a code that is no word is not passed on`() {
        for text in [String(repeating: "a", count: 65), "two words", "line\\n", "\u{e9}", ""] {
            #expect(failure(classify(400, code(text)))?.error.code == "upstream_400", "\(text)")
        }
        #expect(failure(classify(400, code(String(repeating: "a", count: 64))))?.error.code.count == 64)
    }
}
