import Logging

/// Writes the JSON of a log line. Strings that are very long are cut, nesting that is very deep is written as text.
struct JSONText {
    static let maximumStringLength = 16_384
    static let maximumDepth = 16

    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init() { bytes.reserveCapacity(512) }

    mutating func open(_ bracket: Unicode.Scalar) {
        comma()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    mutating func key(_ key: String) {
        string(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ value: Logger.MetadataValue, depth: Int) {
        if depth >= Self.maximumDepth { return string("…") }
        switch value {
        case .string(let text): string(text)
        case .stringConvertible(let value): scalar(value)
        case .array(let values):
            open("[")
            for value in values { self.value(value, depth: depth + 1) }
            close("]")
        case .dictionary(let members):
            open("{")
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                self.key(key)
                self.value(value, depth: depth + 1)
            }
            close("}")
        }
    }

    /// Numbers and booleans stay what they are.
    private mutating func scalar(_ value: any CustomStringConvertible) {
        switch value {
        case let number as any BinaryInteger: plain(number.description)
        case let number as Double where number.isFinite: plain(number.description)
        case let flag as Bool: plain(flag ? "true" : "false")
        default: string(value.description)
        }
    }

    mutating func string(_ text: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        if Self.isPlain(text.utf8Span.span) {
            bytes.append(contentsOf: text.utf8)
        } else {
            escaped(text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ text: String) {
        let isLong = text.utf8.count > Self.maximumStringLength
        for byte in (isLong ? String(text.unicodeScalars.prefix(Self.maximumStringLength)) : text).utf8 { escape(byte) }
        if isLong { bytes.append(contentsOf: "…".utf8) }
    }

    /// It is written as it is: not too long, and nothing in it has to be escaped.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        guard text.count <= maximumStringLength else { return false }
        for index in text.indices {
            let byte = text[index]
            if byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
        }
        return true
    }

    private mutating func plain(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x0a: bytes += "\\n".utf8
        case 0x0d: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        case 0..<0x20, 0x7f: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
        default: bytes.append(byte)
        }
    }
}
