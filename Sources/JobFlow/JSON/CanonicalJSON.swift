/// The one spelling that equal JSON objects have: no space between, members sorted by name at every depth. Strings and
/// numbers stay as they were written.
package struct CanonicalJSON {
    private struct Member {
        /// In the source.
        var name: Range<Int>
        /// In `bytes`: name, colon and value.
        var text: Range<Int>
    }

    private let source: ArraySlice<UInt8>
    private var bytes: [UInt8] = []
    /// Those of every object that is open, one behind the other.
    private var members: [Member] = []
    private var unsorted: [UInt8] = []

    private init(_ source: ArraySlice<UInt8>) {
        self.source = source
        bytes.reserveCapacity(source.count)
    }

    /// - Parameter omitted: members of the outermost object that do not count.
    /// - Returns: nil where no one spelling can be told: a member is there twice, or is named with escapes and might be.
    package static func object(_ text: ArraySlice<UInt8>, without omitted: [StaticString] = []) -> [UInt8]? {
        var canonical = CanonicalJSON(text)
        var index = 0
        do {
            JSONScanner.skipSpace(text.span, &index)
            guard index < text.count, text.span[index] == UInt8(ascii: "{") else { return nil }
            try canonical.object(text.span, &index, depth: 0, without: omitted)
            return canonical.bytes
        } catch { return nil }
    }

    private mutating func value(_ text: Span<UInt8>, _ index: inout Int, depth: Int) throws(JSONFault) {
        guard index < text.count, depth < JSONScanner.maximumDepth else { throw JSONFault(index, "no value") }
        let start = index
        switch text[index] {
        case UInt8(ascii: "{"): return try object(text, &index, depth: depth, without: [])
        case UInt8(ascii: "["): return try array(text, &index, depth: depth)
        case UInt8(ascii: "\""): try JSONScanner.skipString(text, &index)
        default: _ = try JSONScanner.skipValue(text, &index, depth: depth)
        }
        copy(start..<index)
    }

    private mutating func array(_ text: Span<UInt8>, _ index: inout Int, depth: Int) throws(JSONFault) {
        index += 1
        bytes.append(UInt8(ascii: "["))
        JSONScanner.skipSpace(text, &index)
        while index < text.count, text[index] != UInt8(ascii: "]") {
            try value(text, &index, depth: depth + 1)
            try passComma(text, &index, before: UInt8(ascii: "]"))
        }
        try pass(text, &index, UInt8(ascii: "]"))
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func object(
        _ text: Span<UInt8>, _ index: inout Int, depth: Int, without omitted: [StaticString]
    ) throws(JSONFault) {
        let (first, start) = (members.count, bytes.count)
        index += 1
        bytes.append(UInt8(ascii: "{"))
        JSONScanner.skipSpace(text, &index)
        while index < text.count, text[index] != UInt8(ascii: "}") {
            let member = try self.member(text, &index, depth: depth)
            if omitted.contains(where: { names(member, $0) }) {
                bytes.removeSubrange(member.text.lowerBound...)
            } else {
                members.append(member)
                bytes.append(UInt8(ascii: ","))
            }
            try passComma(text, &index, before: UInt8(ascii: "}"), isCopied: false)
        }
        try pass(text, &index, UInt8(ascii: "}"))
        if members.count > first { bytes.removeLast() }
        bytes.append(UInt8(ascii: "}"))
        try sort(from: first, start)
        members.removeSubrange(first...)
    }

    private mutating func member(_ text: Span<UInt8>, _ index: inout Int, depth: Int) throws(JSONFault) -> Member {
        guard text[index] == UInt8(ascii: "\"") else { throw JSONFault(index, "a name was expected") }
        let (name, start) = (index, bytes.count)
        try JSONScanner.skipString(text, &index)
        copy(name..<index)
        let range = name + 1..<index - 1
        if bytes[(start + 1)...].contains(UInt8(ascii: "\\")) { throw JSONFault(name, "an escaped name") }
        JSONScanner.skipSpace(text, &index)
        try pass(text, &index, UInt8(ascii: ":"))
        bytes.append(UInt8(ascii: ":"))
        JSONScanner.skipSpace(text, &index)
        try value(text, &index, depth: depth + 1)
        return Member(name: range, text: start..<bytes.count)
    }

    private mutating func passComma(
        _ text: Span<UInt8>, _ index: inout Int, before end: UInt8, isCopied: Bool = true
    ) throws(JSONFault) {
        JSONScanner.skipSpace(text, &index)
        if index < text.count, text[index] == end { return }
        try pass(text, &index, UInt8(ascii: ","))
        if isCopied { bytes.append(UInt8(ascii: ",")) }
        JSONScanner.skipSpace(text, &index)
    }

    private func pass(_ text: Span<UInt8>, _ index: inout Int, _ byte: UInt8) throws(JSONFault) {
        guard index < text.count, text[index] == byte else { throw JSONFault(index, "unexpected character or end") }
        index += 1
    }

    /// Most objects are sorted already or small; those that are not are written once more.
    private mutating func sort(from first: Int, _ start: Int) throws(JSONFault) {
        if isSorted(from: first) { return }
        let source = source
        members[first...].sort { Self.name($0, source).lexicographicallyPrecedes(Self.name($1, source)) }
        guard isSorted(from: first) else { throw JSONFault(start, "a member is there twice") }
        unsorted.removeAll(keepingCapacity: true)
        unsorted.append(contentsOf: bytes[start...])
        bytes.removeSubrange((start + 1)...)
        for member in members[first...] {
            bytes.append(contentsOf: unsorted[member.text.lowerBound - start..<member.text.upperBound - start])
            bytes.append(UInt8(ascii: ","))
        }
        bytes[bytes.count - 1] = UInt8(ascii: "}")
    }

    private func isSorted(from first: Int) -> Bool {
        for index in members.indices.dropFirst(first + 1)
        where !Self.name(members[index - 1], source).lexicographicallyPrecedes(Self.name(members[index], source)) {
            return false
        }
        return true
    }

    private static func name(_ member: Member, _ source: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        source[source.startIndex + member.name.lowerBound..<source.startIndex + member.name.upperBound]
    }

    private func names(_ member: Member, _ word: StaticString) -> Bool {
        guard member.name.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { unsafe $0.elementsEqual(Self.name(member, source)) }
    }

    private mutating func copy(_ range: Range<Int>) {
        bytes.append(contentsOf: source[source.startIndex + range.lowerBound..<source.startIndex + range.upperBound])
    }
}
