import NIOCore

/// How far a response of the Responses API is.
enum ResponseProgress: String, Sendable {
    case inProgress = "in_progress"
    case completed
}

extension AnswerFacts {
    /// The response object; before it is complete it has neither output nor usage.
    func writeResponse(_ progress: ResponseProgress, to buffer: inout ByteBuffer) {
        let isDone = progress == .completed
        buffer.writeString(
            """
            {"id":"resp_\(id)","object":"response","created_at":\(created),"status":"\(progress.rawValue)",\
            "background":false,"completed_at":\(isDone ? "\(created)" : "null"),"error":null,\
            "incomplete_details":null,"instructions":null,\
            "max_output_tokens":\(request.maxTokens.map { "\($0)" } ?? "null"),"metadata":{},"model":"\(model)",\
            "output":[
            """)
        if isDone { writeMessageItem(to: &buffer) }
        buffer.writeString(
            """
            ],"parallel_tool_calls":true,"previous_response_id":null,"prompt_cache_key":null,\
            "reasoning":{"effort":null,"summary":null},"service_tier":"\(isFlex ? "flex" : "default")","store":true,"temperature":1.0,\
            "text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled",\
            "user":null,
            """)
        if isDone { usage.writeResponsesForm(to: &buffer) } else { buffer.writeString("\"usage\":null") }
        buffer.writeString("}")
    }

    /// The one item of the output, with its text.
    func writeMessageItem(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"id\":\"msg_\(id)\",\"type\":\"message\",\"status\":\"completed\",\"content\":[")
        writeTextPart(to: &buffer)
        buffer.writeString("],\"role\":\"assistant\"}")
    }

    func writeTextPart(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"")
        writeText(to: &buffer)
        buffer.writeString("\"}")
    }
}
