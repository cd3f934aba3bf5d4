import NIOCore

/// Everything an answer's bytes are made from.
struct AnswerFacts: Sendable {
    let operation: ModelOperation
    let request: ModelRequest
    /// The deployment or model that answers; its name needs no escaping.
    let model: String
    /// What follows the prefix of the identifier.
    let id: String
    /// Unix seconds.
    let created: Int
    let seed: UInt64
    let usage: AnswerUsage
    /// Length of the text.
    let bytes: Int
    let isFlex: Bool

    func writeText(to buffer: inout ByteBuffer) {
        AnswerText.write(bytes, topic: request.topic, seed: seed, hash: request.promptHash, to: &buffer)
    }

    /// The whole answer as one JSON body.
    var body: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes + 1400)
        switch operation {
        case .chat: writeChat(to: &buffer)
        case .completions: writeCompletion(to: &buffer)
        case .responses: writeResponse(.completed, to: &buffer)
        case .embeddings: writeEmbeddings(to: &buffer)
        }
        return buffer
    }
}
