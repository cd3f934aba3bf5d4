import Curl
import JobFlow
import Testing

@testable import LLMEndpoints

@Suite struct ClassifyStreamTests {
    private static let endpoint = EndpointConfiguration(name: "one", url: "http://h", model: "m")
    private static let head = CurlResponse(
        status: 200, headers: CurlHeaders([("content-type", "text/event-stream; charset=utf-8")]))

    private func classify(_ events: String...) -> Classified {
        var stream = AnswerStream(path: .chatCompletions)
        for event in events { _ = stream.receive(Array("data: \(event)\n\n".utf8)) }
        return ClassifyStream.classify(
            Self.head, stream, endpoint: Self.endpoint, now: Timestamp(milliseconds: 0))
    }

    private func failure(_ classified: Classified) -> CallFailure? {
        if case .failed(let failure) = classified.outcome { failure } else { nil }
    }

    private static let output = #"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}"#

    @Test func `a stream that came to its end is an answer, with what it used`() {
        let classified = classify(
            Self.output, #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#, "[DONE]")
        #expect(failure(classified) == nil)
        #expect(classified.usage == TokenUsage(promptTokens: 3, completionTokens: 2))
        #expect(classified.billed == .yes)
    }

    @Test(
        arguments: [
            (#"{"error":{"code":"429","message":"x"}}"#, "throttled", false, CallFailure.Remedy.retry),
            (#"{"error":{"code":"rate_limit_exceeded"}}"#, "throttled", false, .retry),
            (#"{"error":{"code":"InternalServerError","type":"server_error"}}"#, "server_error", true, .retry),
            (#"{"error":{"code":"content_filter"}}"#, "content_filter", true, .giveUp),
            (#"{"error":{"status":503}}"#, "server_error", true, .retry),
            (#"{"error":{"code":"context_length_exceeded"}}"#, "context_length_exceeded", false, .larger),
        ])
    func `an error before output is what it would have been alone`(
        event: String, reason: String, isCounted: Bool, remedy: CallFailure.Remedy
    ) {
        let failure = failure(classify(event))
        #expect(failure?.reason == reason && failure?.isCounted == isCounted && failure?.remedy == remedy)
    }

    @Test func `an error behind output breaks the attempt, and it may be billed`() {
        let classified = classify(Self.output, #"{"error":{"code":"429"}}"#)
        #expect(failure(classified)?.reason == "stream_broken")
        #expect(failure(classified)?.isCounted == true && failure(classified)?.remedy == .retry)
        #expect(classified.billed == .maybe)
    }

    @Test func `what every endpoint would refuse is refused behind output, too`() {
        let failure = failure(classify(Self.output, #"{"error":{"code":"content_filter"}}"#))
        #expect(failure?.reason == "content_filter" && failure?.remedy == .giveUp)
    }

    @Test func `a stream that stops in the middle is broken`() {
        #expect(failure(classify(Self.output))?.reason == "stream_broken")
        #expect(failure(classify())?.reason == "invalid_answer")
    }

    @Test func `a connection that breaks is an ordinary fault until there is output`() {
        let fault = ClassifyFault.classify(
            CurlError(kind: .connectionReset, message: "", requestWasSent: true))
        #expect(failure(fault)?.reason == "connection_lost")
        #expect(failure(ClassifyStream.afterOutput(fault))?.reason == "stream_broken")
        let cancelled = ClassifyFault.classify(CurlError(kind: .cancelled, message: "", requestWasSent: true))
        #expect(failure(ClassifyStream.afterOutput(cancelled))?.isCancelled == true)
    }
}
