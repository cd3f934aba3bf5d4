import NIOCore

/// The chunks of a streamed chat completion or text completion.
extension AnswerFacts {
    var chatStreamOpening: ByteBuffer {
        var buffer = ByteBuffer()
        writeEvent(choices: "", to: &buffer) { $0.writeString(",\(CleanFilterResults.prompt)") }
        if operation == .chat {
            writeEvent(choices: choice(delta: "\"content\":\"\",\"role\":\"assistant\""), to: &buffer)
        }
        return buffer
    }

    func chatStreamPiece(_ text: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBuffer()
        let text = String(buffer: text)
        writeEvent(
            choices: operation == .chat ? choice(delta: "\"content\":\"\(text)\"") : choice(text: text), to: &buffer)
        return buffer
    }

    var chatStreamClosing: ByteBuffer {
        var buffer = ByteBuffer()
        let finish = "\"stop\""
        writeEvent(
            choices: operation == .chat ? choice(delta: "", finish: finish) : choice(text: "", finish: finish),
            to: &buffer)
        if request.includeUsage {
            writeEvent(choices: "", to: &buffer) {
                $0.writeString(",")
                usage.writeChatForm(to: &$0)
            }
        }
        buffer.writeString("data: [DONE]\n\n")
        return buffer
    }

    private func choice(delta: String, finish: String = "null") -> String {
        "{\"delta\":{\(delta)},\"finish_reason\":\(finish),\"index\":0,\"logprobs\":null}"
    }

    private func choice(text: String, finish: String = "null") -> String {
        "{\"finish_reason\":\(finish),\"index\":0,\"logprobs\":null,\"text\":\"\(text)\"}"
    }

    private func writeEvent(
        choices: String, to buffer: inout ByteBuffer, extra: (inout ByteBuffer) -> Void = { _ in }
    ) {
        buffer.writeString("data: {\"choices\":[\(choices)],")
        let isChat = operation == .chat
        writeHead(
            isChat ? "chatcmpl-" : "cmpl-", object: isChat ? "chat.completion.chunk" : "text_completion", to: &buffer)
        extra(&buffer)
        buffer.writeString("}\n\n")
    }
}
