import Glibc

extension JSONScanner {
    /// Checks a string that starts at its opening quote: escapes, control characters and UTF-8 (RFC 3629).
    static func skipString(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONFault) {
        index += 1
        while index < bytes.count {
            skipPlain(bytes, &index)
            guard index < bytes.count else { break }
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"): try skipEscape(bytes, &index)
            case 0..<0x20: throw JSONFault(index, "a control character in a string has to be escaped")
            case 0x20..<0x80: index += 1
            default: try skipMultibyte(byte, bytes, &index)
            }
        }
        throw JSONFault(index, "a string is not closed")
    }

    /// Eight bytes at a time while all of them are plain ASCII: most of a prompt and of an answer is.
    ///
    /// A byte is a control character, a quote or a backslash exactly if subtracting borrows into its top bit, see
    /// https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord.
    private static func skipPlain(_ bytes: Span<UInt8>, _ index: inout Int) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = unsafe bytes.bytes
        while index + 8 <= raw.byteCount {
            let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            let quotes = (word ^ ones &* UInt64(UInt8(ascii: "\""))) &- ones
            let slashes = (word ^ ones &* UInt64(UInt8(ascii: "\\"))) &- ones
            let controls = word &- ones &* 0x20
            // A byte of 0x80 or more stops it too; a false alarm behind a true one does no harm.
            guard (quotes | slashes | controls | word) & (ones << 7) == 0 else { return }
            index += 8
        }
    }

    private static func skipEscape(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONFault) {
        guard index + 1 < bytes.count else { throw JSONFault(index, "a string is not closed") }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            for offset in 2..<6 {
                guard index + offset < bytes.count, hexValue(bytes[index + offset]) != nil else {
                    throw JSONFault(index, "four hexadecimal digits were expected after \\u")
                }
            }
            index += 6
        default: throw JSONFault(index, "an unknown escape")
        }
    }

    private static func skipMultibyte(_ lead: UInt8, _ bytes: Span<UInt8>, _ index: inout Int) throws(JSONFault) {
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch lead {
            case 0xc2...0xdf: (2, 0x80...0xbf)
            case 0xe0: (3, 0xa0...0xbf)
            case 0xe1...0xec, 0xee...0xef: (3, 0x80...0xbf)
            case 0xed: (3, 0x80...0x9f)
            case 0xf0: (4, 0x90...0xbf)
            case 0xf1...0xf3: (4, 0x80...0xbf)
            case 0xf4: (4, 0x80...0x8f)
            default: throw JSONFault(index, "invalid UTF-8")
            }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else {
            throw JSONFault(index, "invalid UTF-8")
        }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xc0 != 0x80 {
            throw JSONFault(index, "invalid UTF-8")
        }
        index += length
    }

    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// The text between two quotes that were checked before. A lone surrogate becomes U+FFFD, as everywhere in Swift.
    static func decodeString(_ bytes: ArraySlice<UInt8>) -> String {
        guard holdsEscape(bytes) else { return String(decoding: bytes, as: UTF8.self) }
        var units: [UInt16] = []
        var plain = bytes.startIndex
        var index = bytes.startIndex
        func flush() { units.append(contentsOf: String(decoding: bytes[plain..<index], as: UTF8.self).utf16) }
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            flush()
            let escape = bytes[index + 1]
            if escape == UInt8(ascii: "u") {
                let digits = bytes[index + 2..<index + 6]
                units.append(UInt16(truncatingIfNeeded: digits.reduce(UInt32(0)) { $0 << 4 | (hexValue($1) ?? 0) }))
                index += 6
            } else {
                units.append(unescaped(escape))
                index += 2
            }
            plain = index
        }
        flush()
        return String(decoding: units, as: UTF16.self)
    }

    /// By the C library, which looks at many bytes at a time: prompts are long.
    private static func holdsEscape(_ bytes: ArraySlice<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { text in
            unsafe text.baseAddress.map { unsafe memchr($0, Int32(UInt8(ascii: "\\")), text.count) != nil } ?? false
        }
    }

    private static func unescaped(_ escape: UInt8) -> UInt16 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: UInt16(escape)
        }
    }
}
