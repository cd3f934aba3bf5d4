/// Walks a JSON text (RFC 8259) and checks it, without building a tree: prompts and answers pass through as the bytes
/// that they came as, so all we need is to know that they are well formed and where a few members lie.
///
/// Stricter than most parsers: no trailing commas, no duplicate-tolerant shortcuts, UTF-8 is validated inside strings,
/// nesting is bounded.
struct JSONScanner {
    /// Deeper nesting than this is refused: it would only serve to exhaust a stack.
    static let maximumDepth = 128

    /// Checks one value that starts at `index`, and moves `index` behind it.
    static func skipValue(_ bytes: Span<UInt8>, _ index: inout Int, depth: Int = 0) throws(JSONFault) -> JSONKind {
        guard index < bytes.count else { throw JSONFault(index, "unexpected end") }
        switch bytes[index] {
        case UInt8(ascii: "{"):
            try skipObject(bytes, &index, depth: depth) { (_, _) throws(JSONFault) in }
            return .object
        case UInt8(ascii: "["):
            try skipArray(bytes, &index, depth: depth) { _, _ in }
            return .array
        case UInt8(ascii: "\""):
            try skipString(bytes, &index)
            return .string
        case UInt8(ascii: "t"): return try skipLiteral("true", .bool, bytes, &index)
        case UInt8(ascii: "f"): return try skipLiteral("false", .bool, bytes, &index)
        case UInt8(ascii: "n"): return try skipLiteral("null", .null, bytes, &index)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try skipNumber(bytes, &index)
            return .number
        default: throw JSONFault(index, "unexpected character")
        }
    }

    /// Checks an object; reports the range of each key (without quotes) and the kind and range of its value.
    static func skipObject(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int,
        member: (_ key: Range<Int>, _ value: (kind: JSONKind, range: Range<Int>)) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try enter(&index, depth)
        skipSpace(bytes, &index)
        if take(UInt8(ascii: "}"), bytes, &index) { return }
        while true {
            let key = index
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw JSONFault(index, "a member name in double quotes was expected")
            }
            try skipString(bytes, &index)
            let keyRange = key + 1..<index - 1
            skipSpace(bytes, &index)
            guard take(UInt8(ascii: ":"), bytes, &index) else { throw JSONFault(index, "':' was expected") }
            skipSpace(bytes, &index)
            let start = index
            let kind = try skipValue(bytes, &index, depth: depth + 1)
            try member(keyRange, (kind, start..<index))
            skipSpace(bytes, &index)
            if take(UInt8(ascii: "}"), bytes, &index) { return }
            guard take(UInt8(ascii: ","), bytes, &index) else { throw JSONFault(index, "',' or '}' was expected") }
            skipSpace(bytes, &index)
        }
    }

    /// Checks an array; reports the kind and range of each element.
    static func skipArray(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int, element: (JSONKind, Range<Int>) -> Void
    ) throws(JSONFault) {
        try enter(&index, depth)
        skipSpace(bytes, &index)
        if take(UInt8(ascii: "]"), bytes, &index) { return }
        while true {
            let start = index
            let kind = try skipValue(bytes, &index, depth: depth + 1)
            element(kind, start..<index)
            skipSpace(bytes, &index)
            if take(UInt8(ascii: "]"), bytes, &index) { return }
            guard take(UInt8(ascii: ","), bytes, &index) else { throw JSONFault(index, "',' or ']' was expected") }
            skipSpace(bytes, &index)
        }
    }

    static func skipSpace(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0a, 0x0d, 0x09: index += 1
            default: return
            }
        }
    }

    private static func enter(_ index: inout Int, _ depth: Int) throws(JSONFault) {
        guard depth < maximumDepth else { throw JSONFault(index, "nested deeper than \(maximumDepth) levels") }
        index += 1
    }

    private static func take(_ byte: UInt8, _ bytes: Span<UInt8>, _ index: inout Int) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private static func skipLiteral(
        _ word: StaticString, _ kind: JSONKind, _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(JSONFault) -> JSONKind {
        for offset in 0..<word.utf8CodeUnitCount {
            let expected = unsafe word.utf8Start[offset]
            guard index < bytes.count, bytes[index] == expected else { throw JSONFault(index, "unexpected character") }
            index += 1
        }
        return kind
    }

    private static func skipNumber(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONFault) {
        _ = take(UInt8(ascii: "-"), bytes, &index)
        if !take(UInt8(ascii: "0"), bytes, &index) { try skipDigits(bytes, &index) }
        if take(UInt8(ascii: "."), bytes, &index) { try skipDigits(bytes, &index) }
        if take(UInt8(ascii: "e"), bytes, &index) || take(UInt8(ascii: "E"), bytes, &index) {
            if !take(UInt8(ascii: "+"), bytes, &index) { _ = take(UInt8(ascii: "-"), bytes, &index) }
            try skipDigits(bytes, &index)
        }
    }

    private static func skipDigits(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONFault) {
        let start = index
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        guard index > start else { throw JSONFault(index, "a digit was expected") }
    }
}

/// What a JSON value is.
package enum JSONKind: String, Sendable { case object, array, string, number, bool, null }

/// Where and why a text is not JSON.
package struct JSONFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Bytes from the start of the text.
    package var offset: Int
    package var reason: String

    package init(_ offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }

    package var description: String { "invalid JSON at byte \(offset): \(reason)" }
}
