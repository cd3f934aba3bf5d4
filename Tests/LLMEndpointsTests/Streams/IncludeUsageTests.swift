import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct IncludeUsageTests {
    private func prompt(_ body: String, path: UpstreamPath = .chatCompletions, isStreamed: Bool = true) -> Prompt {
        var spec = Samples.spec(path: path, body: body)
        spec.isStreamed = isStreamed
        return Prompt(spec: spec, attempt: 1)
    }

    @Test(
        arguments: [
            (#"{"stream":true}"#, #"{"stream_options":{"include_usage":true},"stream":true}"#, false),
            (#" {"a":1} "#, #"{"stream_options":{"include_usage":true},"a":1}"#, false),
            (#"{"stream_options":null,"a":1}"#, #"{"stream_options":{"include_usage":true},"a":1}"#, false),
            (#"{"stream_options":{},"a":1}"#, #"{"stream_options":{"include_usage":true},"a":1}"#, false),
            (#"{"stream_options":{"x":1}}"#, #"{"stream_options":{"include_usage":true,"x":1}}"#, false),
            (
                #"{"stream_options":{"include_usage":false}}"#, #"{"stream_options":{"include_usage":true}}"#, false
            ),
            (#"{"stream_options":{"include_usage":true}}"#, #"{"stream_options":{"include_usage":true}}"#, true),
        ])
    func `what was used is always asked for`(body: String, sent: String, isAsked: Bool) {
        let prompt = prompt(body)
        #expect(String(decoding: IncludeUsage.asking(prompt), as: UTF8.self) == sent)
        #expect(IncludeUsage.isAsked(prompt) == isAsked)
    }

    @Test func `responses, and what does not stream, go out as they came`() {
        let body = #"{"stream":true}"#
        #expect(IncludeUsage.asking(prompt(body, path: .responses)) == Array(body.utf8))
        #expect(IncludeUsage.asking(prompt(body, isStreamed: false)) == Array(body.utf8))
        #expect(IncludeUsage.isAsked(prompt(body, path: .responses)))
    }
}
