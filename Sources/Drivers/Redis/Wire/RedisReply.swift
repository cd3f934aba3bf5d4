/// One answer of Redis (RESP2).
///
/// The bytes of all replies that arrived together lie in one array that the slices share: copy what you keep for long.
package enum RedisReply: Sendable, Equatable {
    case null
    case integer(Int64)
    /// A bulk or a simple string.
    case bytes(ArraySlice<UInt8>)
    case array([RedisReply])
    /// An error reply, as the server worded it: `CODE text`.
    case error(String)
}

extension RedisReply {
    package var isNull: Bool { self == .null }

    /// The number, also from a string of digits, as hash fields and scripts return it.
    package var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .bytes(let bytes): Self.plainNumber(bytes) ?? Int(String(decoding: bytes, as: UTF8.self))
        case .null, .array, .error: nil
        }
    }

    /// Of digits alone, and not so many that they might be too large a number: nearly every number that comes.
    private static func plainNumber(_ digits: ArraySlice<UInt8>) -> Int? {
        guard 1...18 ~= digits.count else { return nil }
        var number = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    /// The bytes as text; bytes that are not UTF-8 become U+FFFD.
    package var string: String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    package var bytes: ArraySlice<UInt8>? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    package var array: [RedisReply]? {
        if case .array(let elements) = self { elements } else { nil }
    }
}
