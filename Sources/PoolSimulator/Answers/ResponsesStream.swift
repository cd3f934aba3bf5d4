import NIOCore

/// The events of a streamed response; every one carries its sequence number.
extension AnswerFacts {
    private var place: String { "\"output_index\":0,\"item_id\":\"msg_\(id)\",\"content_index\":0" }

    var responseStreamOpening: ByteBuffer {
        var buffer = ByteBuffer()
        for (sequence, type) in ["response.created", "response.in_progress"].enumerated() {
            writeEvent(type, sequence, to: &buffer) {
                $0.writeString("\"response\":")
                writeResponse(.inProgress, to: &$0)
            }
        }
        writeEvent("response.output_item.added", 2, to: &buffer) {
            $0.writeString("\"output_index\":0,\"item\":{\"id\":\"msg_\(id)\",\"type\":\"message\",")
            $0.writeString("\"status\":\"in_progress\",\"content\":[],\"role\":\"assistant\"}")
        }
        writeEvent("response.content_part.added", 3, to: &buffer) {
            $0.writeString(
                "\(place),\"part\":{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"\"}")
        }
        return buffer
    }

    func responseStreamPiece(_ text: ByteBuffer, sequence: Int) -> ByteBuffer {
        var buffer = ByteBuffer()
        writeEvent("response.output_text.delta", sequence, to: &buffer) {
            $0.writeString("\(place),\"delta\":\"\(String(buffer: text))\",\"logprobs\":[]")
        }
        return buffer
    }

    func responseStreamClosing(sequence: Int) -> ByteBuffer {
        var buffer = ByteBuffer()
        writeEvent("response.output_text.done", sequence, to: &buffer) {
            $0.writeString("\(place),\"logprobs\":[],\"text\":\"")
            writeText(to: &$0)
            $0.writeString("\"")
        }
        writeEvent("response.content_part.done", sequence + 1, to: &buffer) {
            $0.writeString("\(place),\"part\":")
            writeTextPart(to: &$0)
        }
        writeEvent("response.output_item.done", sequence + 2, to: &buffer) {
            $0.writeString("\"output_index\":0,\"item\":")
            writeMessageItem(to: &$0)
        }
        writeEvent("response.completed", sequence + 3, to: &buffer) {
            $0.writeString("\"response\":")
            writeResponse(.completed, to: &$0)
        }
        return buffer
    }

    private func writeEvent(
        _ type: String, _ sequence: Int, to buffer: inout ByteBuffer, members: (inout ByteBuffer) -> Void
    ) {
        buffer.writeString("event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":\(sequence),")
        members(&buffer)
        buffer.writeString("}\n\n")
    }
}
