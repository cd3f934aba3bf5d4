import JobFlow

/// A stream of chat chunks says what it used only if it is asked to. Sluice asks always.
enum IncludeUsage {
    /// Whether the client has asked itself; then the chunk goes on to it. Responses always say it.
    static func isAsked(_ prompt: Prompt) -> Bool {
        guard applies(to: prompt) else { return true }
        return options(prompt.body)?.object?["include_usage"]?.bool == true
    }

    /// The body with the question in it; spliced, never re-encoded.
    static func asking(_ prompt: Prompt) -> [UInt8] {
        guard applies(to: prompt), !isAsked(prompt), let body = try? JSONObject(parsing: prompt.body) else {
            return prompt.body
        }
        let options = body["stream_options"]
        guard let members = options?.object?.members, let options else {
            return replaced(options?.raw, in: body, by: Array(#"{"include_usage":true}"#.utf8), named: "stream_options")
        }
        let asked = members.last { $0.key == "include_usage" }?.value.raw
        if let asked { return splice(prompt.body, asked.startIndex..<asked.endIndex, Array("true".utf8)) }
        let comma = members.isEmpty ? "" : ","
        let inside = options.raw.startIndex + 1
        return splice(prompt.body, inside..<inside, Array("\"include_usage\":true\(comma)".utf8))
    }

    private static func applies(to prompt: Prompt) -> Bool {
        prompt.isStreamed && (prompt.path == .chatCompletions || prompt.path == .completions)
    }

    private static func options(_ body: [UInt8]) -> JSONValue? { (try? JSONObject(parsing: body))?["stream_options"] }

    private static func replaced(
        _ old: ArraySlice<UInt8>?, in body: JSONObject, by new: [UInt8], named name: String
    ) -> [UInt8] {
        var bytes = Array(body.raw)
        let base = body.raw.startIndex
        if let old {
            bytes.replaceSubrange(old.startIndex - base..<old.endIndex - base, with: new)
        } else {
            bytes.insert(contentsOf: Array("\"\(name)\":".utf8) + new + (body.members.isEmpty ? [] : [0x2c]), at: 1)
        }
        return bytes
    }

    private static func splice(_ body: [UInt8], _ range: Range<Int>, _ new: [UInt8]) -> [UInt8] {
        var body = body
        body.replaceSubrange(range, with: new)
        return body
    }
}
