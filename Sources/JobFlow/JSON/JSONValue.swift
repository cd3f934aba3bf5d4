/// One value inside a JSON text that was checked as a whole. Shares the bytes of the text.
package struct JSONValue: Sendable {
    package let kind: JSONKind
    /// The value as it was written.
    package let raw: ArraySlice<UInt8>

    /// Checks a whole text.
    package init(parsing bytes: [UInt8]) throws(JSONFault) {
        try self.init(parsing: bytes[...])
    }

    /// Checks a whole text. Offsets of a fault count from the start of `bytes`.
    package init(parsing bytes: ArraySlice<UInt8>) throws(JSONFault) {
        var index = 0
        let span = bytes.span
        JSONScanner.skipSpace(span, &index)
        let start = index
        let kind = try JSONScanner.skipValue(span, &index)
        let end = index
        JSONScanner.skipSpace(span, &index)
        guard index == span.count else { throw JSONFault(index, "unexpected text behind the value") }
        self.init(checked: kind, bytes[bytes.startIndex + start..<bytes.startIndex + end])
    }

    init(checked kind: JSONKind, _ raw: ArraySlice<UInt8>) {
        self.kind = kind
        self.raw = raw
    }

    package var isNull: Bool { kind == .null }

    package var string: String? {
        kind == .string ? JSONScanner.decodeString(raw.dropFirst().dropLast()) : nil
    }

    package var double: Double? {
        kind == .number ? Double(String(decoding: raw, as: UTF8.self)) : nil
    }

    /// A whole number; `2.0` and `2e3` count, `2.5` does not.
    package var int: Int? {
        guard kind == .number else { return nil }
        if let digits = Int(digits: raw) { return digits }
        let text = String(decoding: raw, as: UTF8.self)
        return Int(text) ?? Double(text).flatMap(Int.init(exactly:))
    }

    package var int64: Int64? { int.map(Int64.init) }

    package var bool: Bool? {
        kind == .bool ? raw.first == UInt8(ascii: "t") : nil
    }

    package var object: JSONObject? { kind == .object ? JSONObject(checked: raw) : nil }

    /// The elements of an array; nil for anything else.
    package var array: [JSONValue]? {
        guard kind == .array else { return nil }
        var values: [JSONValue] = []
        var index = 0
        do {
            try JSONScanner.skipArray(raw.span, &index, depth: 0) { kind, range in
                values.append(
                    JSONValue(checked: kind, raw[raw.startIndex + range.lowerBound..<raw.startIndex + range.upperBound])
                )
            }
        } catch { return nil }
        return values
    }
}

extension Int {
    /// Of digits alone, and not so many that they might be too large a number: nearly every number that comes.
    fileprivate init?(digits: ArraySlice<UInt8>) {
        guard 1...18 ~= digits.count else { return nil }
        self = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            self = self * 10 + Int(digit - UInt8(ascii: "0"))
        }
    }
}

/// The members of one JSON object, in the order they were written.
package struct JSONObject: Sendable {
    package private(set) var members: [(key: String, value: JSONValue)] = []
    /// The object as it was written.
    package let raw: ArraySlice<UInt8>

    /// Checks a whole text that has to be one object.
    package init(parsing bytes: [UInt8]) throws(JSONFault) { try self.init(parsing: bytes[...]) }

    /// Checks a whole text that has to be one object. Offsets of a fault count from the start of `bytes`.
    package init(parsing bytes: ArraySlice<UInt8>) throws(JSONFault) {
        var index = 0
        let span = bytes.span
        JSONScanner.skipSpace(span, &index)
        let start = index
        guard index < span.count, span[index] == UInt8(ascii: "{") else { throw Self.notAnObject(bytes) }
        members = try Self.members(of: bytes, span, &index)
        raw = bytes[bytes.startIndex + start..<bytes.startIndex + index]
        JSONScanner.skipSpace(span, &index)
        guard index == span.count else { throw JSONFault(index, "unexpected text behind the value") }
    }

    /// Nil if it is no object.
    init?(checked raw: ArraySlice<UInt8>) {
        var index = 0
        do { members = try Self.members(of: raw, raw.span, &index) } catch { return nil }
        self.raw = raw
    }

    private static func members(
        of bytes: ArraySlice<UInt8>, _ span: Span<UInt8>, _ index: inout Int
    ) throws(JSONFault) -> [(key: String, value: JSONValue)] {
        let base = bytes.startIndex
        var found: [(key: String, value: JSONValue)] = []
        found.reserveCapacity(8)
        try JSONScanner.skipObject(span, &index, depth: 0) { (key, value) throws(JSONFault) in
            let name = JSONScanner.decodeString(bytes[base + key.lowerBound..<base + key.upperBound])
            let slice = bytes[base + value.range.lowerBound..<base + value.range.upperBound]
            found.append((name, JSONValue(checked: value.kind, slice)))
        }
        return found
    }

    /// What is wrong with a text that does not begin as an object does.
    private static func notAnObject(_ bytes: ArraySlice<UInt8>) -> JSONFault {
        do throws(JSONFault) {
            let value = try JSONValue(parsing: bytes)
            return JSONFault(0, "an object was expected, this is \(value.kind.rawValue)")
        } catch { return error }
    }

    /// The value under a key; the last one if it stands there more than once.
    package subscript(key: String) -> JSONValue? {
        // Without closures and copies of members: a job is read back by a dozen of these.
        for index in members.indices.reversed() where members[index].key == key { return members[index].value }
        return nil
    }

    /// A key that stands there more than once.
    package var duplicateKey: String? {
        var seen: Set<String> = []
        return members.first { !seen.insert($0.key).inserted }?.key
    }
}
