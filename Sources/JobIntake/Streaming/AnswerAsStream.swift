import JobFlow
import NIOCore

/// A whole answer in the form of a stream, for a client that asked for one where none was logged: the endpoint answered in
/// one piece, or the log is kept no longer.
enum AnswerAsStream {
    /// Nil for what is no answer of that path.
    static func bytes(_ answer: [UInt8], path: UpstreamPath, asksForUsage: Bool) -> ByteBuffer? {
        guard let json = try? JSONObject(parsing: answer) else { return nil }
        if path == .responses { return response(json) }
        guard let choices = json["choices"]?.array?.compactMap(\.object), !choices.isEmpty else { return nil }
        var buffer = event(json, path) { list in for choice in choices { write(choice, path, to: &list) } }
        if asksForUsage, let usage = json["usage"]?.object {
            buffer.writeImmutableBuffer(event(json, path, usage: usage) { _ in })
        }
        buffer.writeString("data: [DONE]\n\n")
        return buffer
    }

    private static func event(
        _ answer: JSONObject, _ path: UpstreamPath, usage: JSONObject? = nil, choices: (inout JSONWriter) -> Void
    ) -> ByteBuffer {
        ServerSentEvents.event(
            JSONWriter.object(capacity: answer.raw.count + 128) { json in
                json.member("id", answer["id"]?.string)
                json.member("object", path == .chatCompletions ? "chat.completion.chunk" : "text_completion")
                json.member("created", answer["created"]?.int)
                json.member("model", answer["model"]?.string)
                json.member("choices", array: choices)
                if let usage { json.member("usage", raw: usage.raw) }
            })
    }

    private static func write(_ choice: JSONObject, _ path: UpstreamPath, to list: inout JSONWriter) {
        guard path == .chatCompletions else { return list.element(raw: choice.raw) }
        list.element(object: { json in
            json.member("index", choice["index"]?.int ?? 0)
            json.member("delta", object: { delta in write(choice["message"]?.object, to: &delta) })
            json.member("finish_reason", choice["finish_reason"]?.string)
        })
    }

    /// In a stream, tool calls say their place.
    private static func write(_ message: JSONObject?, to delta: inout JSONWriter) {
        for (key, value) in message?.members ?? [] where key != "tool_calls" {
            delta.member(named: key, raw: value.raw)
        }
        guard let tools = message?["tool_calls"]?.array?.compactMap(\.object), !tools.isEmpty else { return }
        delta.member(
            "tool_calls",
            array: { list in
                for (index, tool) in tools.enumerated() {
                    list.element(object: { json in
                        json.member("index", index)
                        for (key, value) in tool.members { json.member(named: key, raw: value.raw) }
                    })
                }
            })
    }

    private static func response(_ answer: JSONObject) -> ByteBuffer {
        let end = answer["status"]?.string == "incomplete" ? "response.incomplete" : "response.completed"
        var buffer = ByteBuffer()
        for (sequence, type) in ["response.created", end].enumerated() {
            let data = JSONWriter.object(capacity: answer.raw.count + 128) { json in
                json.member("type", type)
                json.member("sequence_number", sequence)
                json.member("response", raw: answer.raw)
            }
            buffer.writeImmutableBuffer(ServerSentEvents.event(data, name: type))
        }
        return buffer
    }
}
