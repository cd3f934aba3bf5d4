import NIOCore

/// One word of a command: its name, a key or a value.
package enum RedisArgument: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case string(String)
    case bytes([UInt8])
    case integer(Int)
    /// Several words.
    case constant(RedisWords)

    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
}

/// Words that are the same in many commands, and are encoded once.
package struct RedisWords: Sendable {
    let count: Int
    let encoded: ByteBuffer

    package init(_ words: [RedisArgument]) {
        var encoded = ByteBuffer()
        for word in words { CommandEncoder.encode(word, into: &encoded) }
        self.encoded = encoded
        count = CommandEncoder.count(words)
    }
}
