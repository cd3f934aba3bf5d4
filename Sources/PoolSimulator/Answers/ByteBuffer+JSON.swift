import NIOCore

extension ByteBuffer {
    /// Writes the text as a JSON string.
    mutating func writeJSONString(_ text: String) {
        writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): writeString("\\\"")
            case UInt8(ascii: "\\"): writeString("\\\\")
            case 0x00..<0x20: writeString("\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))")
            default: writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }

    mutating func writeDecimal(_ number: Int) { writeString("\(number)") }
}
