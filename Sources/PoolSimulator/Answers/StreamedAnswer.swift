import NIOCore

/// An answer as server-sent events: what comes before the text, the text in pieces, and what comes after it.
struct StreamedAnswer: Sendable {
    private static let mostPieces = 64
    private static let smallestPiece = 16

    let opening: ByteBuffer
    let pieces: [ByteBuffer]
    let closing: ByteBuffer

    init(_ facts: AnswerFacts) {
        let texts = Self.split(facts)
        if facts.operation == .responses {
            opening = facts.responseStreamOpening
            pieces = texts.enumerated().map { facts.responseStreamPiece($1, sequence: $0 + 4) }
            closing = facts.responseStreamClosing(sequence: texts.count + 4)
        } else {
            opening = facts.chatStreamOpening
            pieces = texts.map(facts.chatStreamPiece)
            closing = facts.chatStreamClosing
        }
    }

    /// The text in even pieces, never cut inside a character.
    private static func split(_ facts: AnswerFacts) -> [ByteBuffer] {
        var text = ByteBuffer()
        facts.writeText(to: &text)
        let size = max(smallestPiece, (text.readableBytes + mostPieces - 1) / mostPieces)
        var pieces: [ByteBuffer] = []
        while text.readableBytes > 0 {
            var length = min(size, text.readableBytes)
            while let next = text.getInteger(at: text.readerIndex + length, as: UInt8.self), next & 0xc0 == 0x80,
                length < text.readableBytes
            {
                length += 1
            }
            if let piece = text.readSlice(length: length) { pieces.append(piece) }
        }
        return pieces
    }
}
