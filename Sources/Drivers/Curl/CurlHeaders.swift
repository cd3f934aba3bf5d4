/// The header fields of a response, in the order they came.
package struct CurlHeaders: Sendable {
    package let fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    /// The first value of that name, in whatever case it was written.
    package subscript(name: String) -> String? {
        fields.first { Self.same($0.name, name) }?.value
    }

    private static func same(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one.utf8.elementsEqual(other.utf8) { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension CurlHeaders {
    /// From the lines as they came. What is no field (a folded line, a line without a colon) is left out.
    init(lines: some Collection<UInt8>) {
        fields = lines.split(separator: UInt8(ascii: "\n")).compactMap(Self.field)
    }

    private static func field(_ line: some BidirectionalCollection<UInt8>) -> (name: String, value: String)? {
        guard let first = line.first, !isBlank(first), let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        let value = line[line.index(after: colon)...].drop(while: isBlank)
        let end = value.lastIndex { !isBlank($0) }.map { value.index(after: $0) } ?? value.startIndex
        return (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value[..<end], as: UTF8.self))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
}
