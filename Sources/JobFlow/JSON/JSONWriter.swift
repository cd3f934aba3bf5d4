/// Writes JSON by hand, so that opaque bytes can be spliced in as they are.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    package static func object(capacity: Int = 256, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity)
        writer.nested("{", "}", body)
        return writer.bytes
    }

    package mutating func member(_ key: StaticString, _ value: String?) {
        name(key)
        if let value { string(value) } else { text("null") }
    }

    package mutating func member(_ key: StaticString, _ value: (some BinaryInteger)?) {
        name(key)
        if let value { text(String(value)) } else { text("null") }
    }

    package mutating func member(_ key: StaticString, _ value: Bool) {
        name(key)
        text(value ? "true" : "false")
    }

    /// Unix seconds with the fraction that the moment has.
    package mutating func member(_ key: StaticString, _ value: Timestamp?) {
        name(key)
        if let value { seconds(value) } else { text("null") }
    }

    /// Bytes that are one JSON value already.
    package mutating func member(_ key: StaticString, raw: some Collection<UInt8>) {
        name(key)
        bytes.append(contentsOf: raw)
    }

    package mutating func member(_ key: StaticString, object body: (inout JSONWriter) -> Void) {
        name(key)
        nested("{", "}", body)
        needsComma = true
    }

    package mutating func member(_ key: StaticString, array body: (inout JSONWriter) -> Void) {
        name(key)
        nested("[", "]", body)
        needsComma = true
    }

    /// A member whose name is data, not one of ours.
    package mutating func member(named key: String, _ value: some BinaryInteger) {
        comma()
        string(key)
        text(":")
        text(String(value))
    }

    package mutating func member(named key: String, raw: some Collection<UInt8>) {
        comma()
        string(key)
        text(":")
        bytes.append(contentsOf: raw)
    }

    package mutating func element(_ value: String) {
        comma()
        string(value)
    }

    package mutating func element(object body: (inout JSONWriter) -> Void) {
        comma()
        nested("{", "}", body)
        needsComma = true
    }

    package mutating func element(raw: some Collection<UInt8>) {
        comma()
        bytes.append(contentsOf: raw)
    }

    private mutating func nested(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        text(open)
        needsComma = false
        body(&self)
        text(close)
    }

    private mutating func name(_ key: StaticString) {
        comma()
        text("\"")
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        text("\":")
    }

    private mutating func comma() {
        if needsComma { text(",") }
        needsComma = true
    }

    private mutating func seconds(_ value: Timestamp) {
        if value.milliseconds < 0 { text("-") }
        let (whole, rest) = value.milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        text(String(whole))
        guard rest > 0 else { return }
        text(".")
        text(String(String(1000 + rest).dropFirst()))
    }

    private mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func string(_ value: String) {
        text("\"")
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): text("\\\"")
            case UInt8(ascii: "\\"): text("\\\\")
            case 0x0a: text("\\n")
            case 0x0d: text("\\r")
            case 0x09: text("\\t")
            case 0..<0x20: text("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        text("\"")
    }
}
