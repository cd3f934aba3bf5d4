import NIOCore

extension AdminValue {
    /// The value as JSON, members in alphabetical order so that two answers can be compared as text.
    var json: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }

    private func write(to buffer: inout ByteBuffer) {
        switch self {
        case .null: buffer.writeString("null")
        case .bool(let flag): buffer.writeString(flag ? "true" : "false")
        case .number(let number): buffer.writeString(Int(exactly: number).map { "\($0)" } ?? "\(number)")
        case .string(let text): buffer.writeJSONString(text)
        case .array(let values): Self.write(values, between: ("[", "]"), to: &buffer) { $0.write(to: &$1) }
        case .object(let members):
            Self.write(members.sorted { $0.key < $1.key }, between: ("{", "}"), to: &buffer) {
                $1.writeJSONString($0.key)
                $1.writeString(":")
                $0.value.write(to: &$1)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between brackets: (String, String), to buffer: inout ByteBuffer,
        element: (Element, inout ByteBuffer) -> Void
    ) {
        buffer.writeString(brackets.0)
        for (index, item) in elements.enumerated() {
            if index > 0 { buffer.writeString(",") }
            element(item, &buffer)
        }
        buffer.writeString(brackets.1)
    }
}
