/// A part of a text that stands for a value kept elsewhere: `${secret:name}` or `${env:NAME}`.
enum Reference: Equatable {
    case secret(String)
    case variable(String)

    enum Piece: Equatable {
        case plain(String)
        case reference(Reference)
    }

    struct Malformed: Error { var message: String }

    static func occurs(in text: String) -> Bool { text.contains("${") }

    /// Splits a text into what is plain and what has to be looked up.
    static func pieces(of text: String) throws(Malformed) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        var rest = text[...]
        while let character = rest.first {
            guard rest.hasPrefix("${") else {
                plain.append(character)
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw Malformed(message: "has \"${\" without \"}\"") }
            if !plain.isEmpty { pieces.append(.plain(plain)) }
            plain = ""
            pieces.append(.reference(try reference(rest[..<end].dropFirst(2))))
            rest = rest[end...].dropFirst()
        }
        return plain.isEmpty ? pieces : pieces + [.plain(plain)]
    }

    private static func reference(_ text: Substring) throws(Malformed) -> Reference {
        let name = String(text.drop { $0 != ":" }.dropFirst())
        guard isName(name) else { throw Malformed(message: notKnown) }
        switch text.prefix(while: { $0 != ":" }) {
        case "secret": return .secret(name)
        case "env": return .variable(name)
        default: throw Malformed(message: notKnown)
        }
    }

    // What was written is not quoted: somebody may have put the key itself between the braces.
    private static let notKnown =
        "has a reference that is not known; allowed are ${secret:name} and ${env:NAME}, "
        + "with a name of letters, digits, '.', '-' and '_'"

    /// No slash and no dot in front: a secret's name becomes a file's name.
    static func isName(_ text: String) -> Bool {
        guard let first = text.first, first != ".", text.utf8.count <= 256 else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") }
    }
}
