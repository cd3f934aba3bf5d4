import JobFlow

/// The answer that the chunks of a chat completion, or of a completion, add up to.
struct ChunkAssembler: Sendable {
    private struct ToolCall: Sendable {
        var id: String?
        var name = ""
        var arguments = ""
    }

    private struct Choice: Sendable {
        var text = ""
        /// Nothing of it came: null in the answer.
        var hasText = false
        var refusal: String?
        var tools: [Int: ToolCall] = [:]
        var finish: String?
    }

    private let isChat: Bool
    private var id: String?
    private var model: String?
    private var created: Int?
    private var choices: [Int: Choice] = [:]
    private var usage: [UInt8]?

    init(isChat: Bool) { self.isChat = isChat }

    /// Every choice has said why it ended.
    var isFinished: Bool { !choices.isEmpty && choices.values.allSatisfy { $0.finish != nil } }

    /// Whether the chunk carries any of the answer.
    mutating func add(_ chunk: JSONObject) -> Bool {
        id = id ?? chunk["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        model = model ?? chunk["model"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        created = created ?? chunk["created"]?.int.flatMap { $0 == 0 ? nil : $0 }
        if let raw = chunk["usage"]?.object?.raw { usage = Array(raw) }
        var isOutput = false
        for choice in (chunk["choices"]?.array ?? []).compactMap(\.object) where add(choice: choice) { isOutput = true }
        return isOutput
    }

    private mutating func add(choice json: JSONObject) -> Bool {
        let index = json["index"]?.int ?? 0
        var choice = choices[index] ?? Choice()
        defer { choices[index] = choice }
        let delta = json["delta"]?.object
        let text = (isChat ? delta?["content"] : json["text"])?.string
        if let text {
            choice.text += text
            choice.hasText = true
        }
        if let refusal = delta?["refusal"]?.string { choice.refusal = (choice.refusal ?? "") + refusal }
        for tool in (delta?["tool_calls"]?.array ?? []).compactMap(\.object) { Self.add(tool, to: &choice.tools) }
        if let finish = json["finish_reason"]?.string { choice.finish = finish }
        // Reasoning, audio and what is to come count without our knowing it.
        let more = (delta?.members ?? []).contains { !["role", "content"].contains($0.key) && !$0.value.isNull }
        return more || choice.finish != nil || text?.isEmpty == false
    }

    private static func add(_ json: JSONObject, to tools: inout [Int: ToolCall]) {
        let index = json["index"]?.int ?? 0
        var tool = tools[index] ?? ToolCall()
        tool.id = tool.id ?? json["id"]?.string
        let function = json["function"]?.object
        tool.name += function?["name"]?.string ?? ""
        tool.arguments += function?["arguments"]?.string ?? ""
        tools[index] = tool
    }

    // MARK: - The whole

    var answer: [UInt8] {
        JSONWriter.object(capacity: 1024) { json in
            json.member("id", id)
            json.member("object", isChat ? "chat.completion" : "text_completion")
            json.member("created", created)
            json.member("model", model)
            json.member(
                "choices",
                array: { list in
                    for (index, choice) in choices.sorted(by: { $0.key < $1.key }) {
                        list.element(object: { write(choice, index, to: &$0) })
                    }
                })
            json.member("usage", rawOrNull: usage)
        }
    }

    private func write(_ choice: Choice, _ index: Int, to json: inout JSONWriter) {
        json.member("index", index)
        if isChat {
            json.member("message", object: { Self.write(choice, to: &$0) })
        } else {
            json.member("text", choice.text)
        }
        json.member("logprobs", raw: "null".utf8)
        json.member("finish_reason", choice.finish)
    }

    private static func write(_ choice: Choice, to json: inout JSONWriter) {
        json.member("role", "assistant")
        json.member("content", choice.hasText && (choice.tools.isEmpty || !choice.text.isEmpty) ? choice.text : nil)
        json.member("refusal", choice.refusal)
        guard !choice.tools.isEmpty else { return }
        json.member(
            "tool_calls",
            array: { list in
                for (_, tool) in choice.tools.sorted(by: { $0.key < $1.key }) {
                    list.element(object: { write(tool, to: &$0) })
                }
            })
    }

    private static func write(_ tool: ToolCall, to json: inout JSONWriter) {
        json.member("id", tool.id)
        json.member("type", "function")
        json.member(
            "function",
            object: { function in
                function.member("name", tool.name)
                function.member("arguments", tool.arguments)
            })
    }
}
