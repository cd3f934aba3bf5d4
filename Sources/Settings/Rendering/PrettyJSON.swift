import JobFlow

/// A small JSON tree that is written for people: one key a line, in the order given.
indirect enum PrettyJSON: Sendable {
    /// A number, `true`, `false` or `null`, as written.
    case literal(String)
    case text(String)
    case object([(key: String, value: PrettyJSON)])
    case array([PrettyJSON])

    /// A URL in it loses its user and password.
    var withoutUserInfo: PrettyJSON {
        if case .text(let text) = self { .text(text.withoutUserInfo) } else { self }
    }

    func lines(indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .literal(let word): return word
        case .text(let text): return Self.quoted(text)
        case .object(let members):
            let lines = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.lines(indent: inner))" }
            return Self.block("{", lines, "}", indent)
        case .array(let elements):
            return Self.block("[", elements.map { inner + $0.lines(indent: inner) }, "]", indent)
        }
    }

    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.element(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: String) -> String {
        lines.isEmpty ? open + close : "\(open)\n\(lines.joined(separator: ",\n"))\n\(indent)\(close)"
    }
}
