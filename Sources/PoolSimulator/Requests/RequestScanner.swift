/// Reads a request body once, from front to end, without building a tree.
///
/// It checks the JSON grammar (not that strings are UTF-8, and escapes only for what follows the backslash), because a
/// client that sends nonsense must see the 400 that Azure would send.
package struct RequestScanner {
    package struct Malformed: Error, Equatable { package let reason: String }

    private static let deepest = 128

    var bytes: [UInt8]
    var at = 0
    var request = ModelRequest()

    package static func scan(_ bytes: [UInt8]) throws(Malformed) -> ModelRequest {
        var scanner = RequestScanner(bytes: bytes)
        scanner.skipSpace()
        guard scanner.peek == UInt8(ascii: "{") else { throw Malformed(reason: "an object was expected") }
        try scanner.value(of: .other, depth: 0)
        scanner.skipSpace()
        guard scanner.at == bytes.count else { throw scanner.fault("text after the object") }
        return scanner.request
    }

    private mutating func value(of member: RequestMember, depth: Int) throws(Malformed) {
        guard depth <= Self.deepest else { throw fault("too deeply nested") }
        switch peek {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(of: member, depth: depth + 1)
        case UInt8(ascii: "\""): take(text: try string(), of: member)
        case UInt8(ascii: "t"): take(flag: true, of: try literal("true", member))
        case UInt8(ascii: "f"): take(flag: false, of: try literal("false", member))
        case UInt8(ascii: "n"): _ = try literal("null", member)
        default: take(number: try number(), of: member)
        }
    }

    private mutating func object(depth: Int) throws(Malformed) {
        at += 1
        skipSpace()
        if skip(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw fault("a member name was expected") }
            let name = RequestMember(bytes[try string()], depth: depth)
            skipSpace()
            guard skip(UInt8(ascii: ":")) else { throw fault("':' was expected") }
            skipSpace()
            try value(of: name, depth: depth)
            skipSpace()
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw fault("',' or '}' was expected") }
    }

    private mutating func array(of member: RequestMember, depth: Int) throws(Malformed) {
        at += 1
        skipSpace()
        var count = 0
        let first = peek
        if !skip(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                try value(of: member.element, depth: depth)
                skipSpace()
                count += 1
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "]")) else { throw fault("',' or ']' was expected") }
        }
        // A list of numbers is one prompt, as tokens; a list of strings or of lists is many.
        let isMany = first == UInt8(ascii: "\"") || first == UInt8(ascii: "[")
        if member == .input, isMany { request.inputs = count }
    }
}
