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

    package mutating func member(_ key: StaticString, _ value: Int?) { member(key, value.map(Int64.init)) }

    package mutating func member(_ key: StaticString, _ value: Int64?) {
        name(key)
        if let value { number(value) } else { text("null") }
    }

    package mutating func member(_ key: StaticString, _ value: Bool) {
        name(key)
        if value { text("true") } else { text("false") }
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

    package mutating func member(_ key: StaticString, rawOrNull value: [UInt8]?) {
        if let value { member(key, raw: value) } else { member(key, raw: "null".utf8) }
    }

    package mutating func member(_ key: StaticString, object body: (inout JSONWriter) -> Void) {
        name(key)
        nested("{", "}", body)
        needsComma = true
    }

    /// An object made of a value; null without one.
    package mutating func member<Value>(
        _ key: StaticString, _ value: Value?, object body: (Value, inout JSONWriter) -> Void
    ) {
        if let value { member(key, object: { body(value, &$0) }) } else { member(key, raw: "null".utf8) }
    }

    package mutating func member(_ key: StaticString, array body: (inout JSONWriter) -> Void) {
        name(key)
        nested("[", "]", body)
        needsComma = true
    }

    /// A member whose name is data, not one of ours.
    package mutating func member(named key: String, _ value: Int) {
        comma()
        string(key)
        text(":")
        number(Int64(value))
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

    private mutating func nested(_ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void) {
        text(open)
        needsComma = false
        body(&self)
        text(close)
    }

    /// In one go, as much as can be: each addition looks after the owner of the bytes and their room.
    private mutating func name(_ key: StaticString) {
        let length = key.utf8CodeUnitCount
        bytes.append(addingCapacity: length + 4) { (bytes: inout OutputSpan<UInt8>) in
            if needsComma { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for index in 0..<length { unsafe bytes.append(key.utf8Start[index]) }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
        }
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func seconds(_ value: Timestamp) {
        if value.milliseconds < 0 { text("-") }
        let (whole, rest) = value.milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        digits(whole)
        guard rest > 0 else { return }
        text(".")
        for divisor: UInt64 in [100, 10, 1] { bytes.append(UInt8(ascii: "0") + UInt8(rest / divisor % 10)) }
    }

    private mutating func number(_ value: Int64) {
        if value < 0 { text("-") }
        digits(value.magnitude)
    }

    private mutating func digits(_ value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        // The longest number has 20 digits.
        bytes.append(addingCapacity: 20) { (bytes: inout OutputSpan<UInt8>) in
            while divisor > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
                divisor /= 10
            }
        }
    }

    private mutating func text(_ text: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        if Self.isPlain(value.utf8Span.span) {
            bytes.append(contentsOf: value.utf8)
        } else {
            for byte in value.utf8 { escape(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Nothing in it has to be escaped.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
        }
        return true
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): text("\\\"")
        case UInt8(ascii: "\\"): text("\\\\")
        case 0x0a: text("\\n")
        case 0x0d: text("\\r")
        case 0x09: text("\\t")
        case 0..<0x20:
            let hex = String(byte, radix: 16)
            text(byte < 16 ? "\\u000" : "\\u00")
            bytes.append(contentsOf: hex.utf8)
        default: bytes.append(byte)
        }
    }
}
