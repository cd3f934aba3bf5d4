import JobFlow

/// The upstream request of a job: `body`, or the shorthand `prompt` and `model`. Bytes are spliced, never re-encoded.
struct UpstreamCall {
    let model: String?
    let body: [UInt8]
    /// It asks for a stream.
    let isStreamed: Bool

    init(_ fields: JobFields, path: UpstreamPath, models: [String]?) throws(IntakeProblem) {
        switch (fields["body"], fields["prompt"]) {
        case (let body?, nil):
            guard fields["model"] == nil else {
                throw .field("model", "model goes with prompt. With body, put it in body.model.")
            }
            (model, isStreamed) = try Self.check(body, path)
            self.body = Array(body.raw)
            try Self.check(model, named: "body.model", models)
        case (nil, let prompt?):
            guard path == .chatCompletions else {
                throw .field("prompt", "prompt goes with url /v1/chat/completions only. Use body.")
            }
            _ = try fields.string("prompt", characters: 1...Int.max)
            model = try fields.string("model", characters: 1...Int.max)
            isStreamed = false
            self.body = Self.chat(model: fields["model"], prompt: prompt)
            try Self.check(model, named: "model", models)
        case (nil, nil): throw .field("body", "One of body and prompt is required.", code: "missing_field")
        case (.some, .some): throw .field("prompt", "Only one of body and prompt can be given.")
        }
    }

    /// Looks no deeper than it has to: whatever else is in the body is between the client and its upstream.
    private static func check(_ body: JSONValue, _ path: UpstreamPath) throws(IntakeProblem) -> (String?, Bool) {
        guard let object = body.object else { throw .field("body", "body has to be an object.") }
        for name in ["model", "stream"] where object.members.count(where: { $0.key == name }) > 1 {
            throw .field("body.\(name)", "body.\(name) is given more than once.")
        }
        let isStreamed = object["stream"]?.bool == true
        if isStreamed, path == .embeddings {
            throw .field("body.stream", "Embeddings do not stream.", code: "not_supported")
        }
        guard let model = object["model"], !model.isNull else { return (nil, isStreamed) }
        guard let name = model.string else { throw .field("body.model", "body.model has to be a string.") }
        return (name, isStreamed)
    }

    private static func check(_ model: String?, named field: String, _ models: [String]?) throws(IntakeProblem) {
        guard let model, let models, !models.contains(model) else { return }
        let known = models.prefix(50).joined(separator: ", ")
        throw .field(
            field, "No endpoint serves the model \(model.clipped). Served are \(known).", code: "model_not_found")
    }

    private static func chat(model: JSONValue?, prompt: JSONValue) -> [UInt8] {
        JSONWriter.object(capacity: prompt.raw.count + 128) { json in
            if let model { json.member("model", raw: model.raw) }
            json.member(
                "messages",
                array: { messages in
                    messages.element(object: { message in
                        message.member("role", "user")
                        message.member("content", raw: prompt.raw)
                    })
                })
        }
    }
}
