extension RequestScanner {
    /// The byte at the cursor, 0 behind the end; no JSON value starts with 0.
    var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

    func fault(_ reason: String) -> Malformed { Malformed(reason: "\(reason) at byte \(at)") }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x09 {
            at += 1
        }
    }

    /// Skips a string; what it says is between the quotes.
    mutating func string() throws(Malformed) -> Range<Int> {
        at += 1
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return start..<at - 1
            }
            guard byte >= 0x20 else { throw fault("a control character must be escaped") }
            at += byte == UInt8(ascii: "\\") ? try escapeLength() : 1
        }
        throw fault("a string does not end")
    }

    private func escapeLength() throws(Malformed) -> Int {
        guard at + 1 < bytes.count else { throw fault("a string does not end") }
        switch bytes[at + 1] {
        case UInt8(ascii: "u"):
            guard at + 5 < bytes.count, bytes[at + 2...at + 5].allSatisfy(Self.isHexDigit) else {
                throw fault("four hexadecimal digits were expected")
            }
            return 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        default: throw fault("an unknown escape")
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    mutating func literal(_ word: String, _ member: RequestMember) throws(Malformed) -> RequestMember {
        guard bytes[at...].starts(with: word.utf8) else { throw fault("a value was expected") }
        at += word.utf8.count
        return member
    }

    /// Skips a number; what it says as far as a whole number can, else `nil`.
    mutating func number() throws(Malformed) -> Int? {
        let isNegative = skip(UInt8(ascii: "-"))
        let isZero = peek == UInt8(ascii: "0")
        let whole = try digits()
        guard !isZero || whole.count == 1 else { throw fault("a number must not start with 0") }
        var isWhole = whole.count < 18
        if skip(UInt8(ascii: ".")) {
            _ = try digits()
            isWhole = false
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            _ = try digits()
            isWhole = false
        }
        guard isWhole else { return nil }
        let magnitude = bytes[whole].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return isNegative ? -magnitude : magnitude
    }

    private mutating func digits() throws(Malformed) -> Range<Int> {
        let start = at
        while peek &- UInt8(ascii: "0") < 10 { at += 1 }
        guard at > start else { throw fault("a value was expected") }
        return start..<at
    }
}
