import JobFlow
import Testing

@testable import LLMEndpoints

@Suite struct AnswerStreamTests {
    private static let opening =
        #"data: {"id":"","choices":[],"prompt_filter_results":[]}"# + "\n\n"
        + #"data: {"id":"c1","created":7,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#
        + "\n\n"
    private static let middle =
        #"data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}"# + "\n\n"
        + #"data: {"id":"c1","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}"# + "\n\n"
    private static let finish =
        #"data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    private static let usage =
        #"data: {"id":"c1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"# + "\n\n"
    private static let done = "data: [DONE]\n\n"

    private func read(_ text: String, path: UpstreamPath = .chatCompletions, keepsUsage: Bool = true, size: Int = 999)
        -> (stream: AnswerStream, onward: String)
    {
        var stream = AnswerStream(path: path, keepsUsage: keepsUsage)
        var onward: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            onward += stream.receive(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        return (stream, String(decoding: onward, as: UTF8.self))
    }

    @Test(arguments: [1, 2, 3, 50, 10_000])
    func `what comes goes on as it came, and adds up to an answer`(size: Int) throws {
        let text = Self.opening + Self.middle + Self.finish + Self.usage + Self.done
        let (stream, onward) = read(text, size: size)
        #expect(onward == text)
        let answer = try JSONObject(parsing: try #require(stream.answer))
        let choice = try #require(answer["choices"]?.array?.first?.object)
        #expect(choice["message"]?.object?["content"]?.string == "Hello")
        #expect(choice["finish_reason"]?.string == "stop")
        #expect(answer["id"]?.string == "c1" && answer["model"]?.string == "m" && answer["created"]?.int == 7)
        #expect(answer["object"]?.string == "chat.completion")
        #expect(answer["usage"]?.object?["total_tokens"]?.int == 5)
    }

    @Test func `the chunk of what was used goes to who asked for it only`() throws {
        let (stream, onward) = read(
            Self.opening + Self.middle + Self.finish + Self.usage + Self.done, keepsUsage: false)
        #expect(onward == Self.opening + Self.middle + Self.finish + Self.done)
        #expect(try JSONObject(parsing: try #require(stream.answer))["usage"]?.object != nil)
    }

    @Test func `nothing goes on before the first output`() {
        let (stream, onward) = read(Self.opening)
        #expect(onward.isEmpty && !stream.hasOutput && stream.answer == nil)
    }

    @Test func `an error before output leaves nothing behind`() {
        let (stream, onward) = read(Self.opening + #"data: {"error":{"code":"429","message":"full"}}"# + "\n\n")
        #expect(onward.isEmpty && !stream.hasOutput)
        #expect(
            stream.error.map { String(decoding: $0, as: UTF8.self) } == #"{"error":{"code":"429","message":"full"}}"#)
    }

    @Test func `an error behind output ends what goes on`() {
        let (stream, onward) = read(
            Self.opening + Self.middle + #"data: {"error":{"code":"500"}}"# + "\n\n" + Self.finish + Self.done)
        #expect(onward == Self.opening + Self.middle)
        #expect(stream.hasOutput && stream.error != nil && stream.answer == nil)
    }

    @Test func `a stream that stops has no answer`() {
        #expect(read(Self.opening + Self.middle).stream.answer == nil)
        // Some gateways leave [DONE] out.
        #expect(read(Self.opening + Self.middle + Self.finish).stream.answer != nil)
    }

    @Test func `tool calls are put together`() throws {
        let pieces = [
            #"{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"id":"t2","function":{"name":"g"}}]}"#,
        ]
        let text = pieces.map { "data: {\"choices\":[{\"index\":0,\"delta\":\($0)}]}\n\n" }.joined()
        let (stream, onward) = read(text + Self.finish)
        #expect(onward == text + Self.finish)
        let answer = try JSONObject(parsing: try #require(stream.answer))
        let message = answer["choices"]?.array?.first?.object?["message"]?.object
        #expect(message?["content"]?.isNull == true)
        let tools = (message?["tool_calls"]?.array ?? []).compactMap(\.object)
        #expect(tools.map { $0["id"]?.string } == ["t1", "t2"])
        #expect(tools[0]["function"]?.object?["arguments"]?.string == #"{"a":1}"#)
    }

    @Test func `several choices are kept apart`() throws {
        let text = (0...1).map {
            "data: {\"choices\":[{\"index\":\($0),\"delta\":{\"content\":\"n\($0)\"},\"finish_reason\":\"stop\"}]}\n\n"
        }
        let answer = try JSONObject(parsing: try #require(read(text.joined()).stream.answer))
        let contents = answer["choices"]?.array?.map { $0.object?["message"]?.object?["content"]?.string }
        #expect(contents == ["n0", "n1"])
    }

    @Test func `completions stream text`() throws {
        let text =
            #"data: {"id":"t","choices":[{"index":0,"text":"Hel","finish_reason":null}]}"# + "\n\n"
            + #"data: {"id":"t","choices":[{"index":0,"text":"lo","finish_reason":"stop"}]}"# + "\n\n" + Self.done
        let (stream, onward) = read(text, path: .completions)
        #expect(onward == text)
        let answer = try JSONObject(parsing: try #require(stream.answer))
        #expect(answer["choices"]?.array?.first?.object?["text"]?.string == "Hello")
        #expect(answer["object"]?.string == "text_completion")
    }

    @Test func `a response is the one of its last event`() throws {
        func event(_ type: String, _ more: String) -> String {
            "event: \(type)\ndata: {\"type\":\"\(type)\",\(more)}\n\n"
        }
        let created = event("response.created", #""response":{"id":"r","status":"in_progress"}"#)
        let added = event("response.output_item.added", #""item":{}"#)
        let completed = event("response.completed", #""response":{"id":"r","status":"completed","output":[]}"#)
        #expect(read(created, path: .responses).onward.isEmpty)
        let (stream, onward) = read(created + added + completed, path: .responses)
        #expect(onward == created + added + completed)
        #expect(
            stream.answer.map { String(decoding: $0, as: UTF8.self) }
                == #"{"id":"r","status":"completed","output":[]}"#)
        #expect(read(created + added, path: .responses).stream.answer == nil)
        let failed = event("response.failed", #""response":{"error":{"code":"server_error","message":"x"}}"#)
        #expect(read(created + failed, path: .responses).stream.error != nil)
        let error = event("error", #""code":"rate_limit_exceeded","message":"x""#)
        #expect(read(created + error, path: .responses).stream.error != nil)
    }
}
