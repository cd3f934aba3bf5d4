/// The header fields of a response, in the order they came. They are read when they are asked for: most never are.
package struct CurlHeaders: Sendable {
    private static let newline = UInt8(ascii: "\n")

    /// The lines as they came.
    private let lines: [UInt8]

    init(lines: [UInt8]) { self.lines = lines }

    package init(_ fields: [(name: String, value: String)] = []) {
        lines = fields.flatMap { Array("\($0.name):\($0.value)\n".utf8) }
    }

    package var fields: [(name: String, value: String)] {
        lines.split(separator: Self.newline).compactMap { line in
            Self.colon(in: line).map { (String(decoding: line[..<$0], as: UTF8.self), Self.value(line, after: $0)) }
        }
    }

    /// The first value of that name, in whatever case it was written.
    package subscript(name: String) -> String? {
        let count = name.utf8.count
        var rest = lines[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != Self.newline }
            rest = rest[line.endIndex...].dropFirst()
            guard line.count > count, line[line.startIndex + count] == UInt8(ascii: ":"),
                HeaderName.same(line.prefix(count), name.utf8)
            else { continue }
            return Self.value(line, after: line.startIndex + count)
        }
        return nil
    }

    /// What is no field (a folded line, a line without a colon) has none.
    private static func colon(in line: ArraySlice<UInt8>) -> Int? {
        guard let first = line.first, !isBlank(first) else { return nil }
        return line.firstIndex(of: UInt8(ascii: ":"))
    }

    private static func value(_ line: ArraySlice<UInt8>, after colon: Int) -> String {
        let value = line[(colon + 1)...].drop(while: isBlank)
        let end = value.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? value.startIndex
        return String(decoding: value[..<end], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
}
