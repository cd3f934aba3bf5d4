import NIOCore

extension AnswerFacts {
    static let mostInputs = 2048
    private static let usualDimensions = 1536
    private static let mostDimensions = 3072
    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    func writeEmbeddings(to buffer: inout ByteBuffer) {
        let dimensions = min(request.dimensions ?? Self.usualDimensions, Self.mostDimensions)
        buffer.writeString("{\"object\":\"list\",\"data\":[")
        for index in 0..<request.inputs {
            buffer.writeString("\(index == 0 ? "" : ",")\n{\"object\":\"embedding\",\"index\":\(index),\"embedding\":")
            let vector = vector(index, dimensions: dimensions)
            if request.base64Vectors { Self.writeBase64(vector, to: &buffer) } else { Self.write(vector, to: &buffer) }
            buffer.writeString("}")
        }
        buffer.writeString("],\"model\":\"\(model)\",")
        usage.writeEmbeddingsForm(to: &buffer)
        buffer.writeString("}")
    }

    /// About of length one: every component is even within ±√(3/n).
    private func vector(_ index: Int, dimensions: Int) -> [Float] {
        var generator = SeededGenerator(seed: seed ^ request.promptHash &+ UInt64(index))
        let widest = (3 / Double(dimensions)).squareRoot()
        return (0..<dimensions).map { _ in Float((generator.share() * 2 - 1) * widest) }
    }

    private static func write(_ vector: [Float], to buffer: inout ByteBuffer) {
        for (index, component) in vector.enumerated() {
            buffer.writeString(index == 0 ? "[" : ",")
            buffer.writeString(component.description)
        }
        buffer.writeString("]")
    }

    /// The form the official Python client asks for: little-endian floats.
    private static func writeBase64(_ vector: [Float], to buffer: inout ByteBuffer) {
        let bytes = vector.flatMap { component in
            (0..<4).map { UInt8(truncatingIfNeeded: component.bitPattern >> (8 * $0)) }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0..<4 {
                let isPadding = digit > group.count
                buffer.writeInteger(
                    isPadding ? UInt8(ascii: "=") : base64Digits[Int(bits >> UInt32(18 - 6 * digit)) & 63])
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }
}
