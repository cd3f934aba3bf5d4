package import NIOCore

/// Writes commands as RESP arrays of bulk strings, straight into the buffer that goes to the socket.
package enum CommandEncoder {
    /// The longest line: a sign of RESP, a number with its own sign and 19 digits, a line end.
    private static let longestLine = 23

    package static func encode(_ command: [RedisArgument], into buffer: inout ByteBuffer) {
        writeLine("*", count(command), into: &buffer)
        for argument in command { encode(argument, into: &buffer) }
    }

    /// Words, as the server counts them.
    static func count(_ command: [RedisArgument]) -> Int {
        command.reduce(0) { count, argument in
            if case .constant(let words) = argument { count + words.count } else { count + 1 }
        }
    }

    static func encode(_ argument: RedisArgument, into buffer: inout ByteBuffer) {
        switch argument {
        case .string(let text):
            writeLine("$", text.utf8.count, into: &buffer)
            buffer.writeString(text)
            buffer.writeInteger(lineEnd)
        case .bytes(let bytes):
            writeLine("$", bytes.count, into: &buffer)
            buffer.writeBytes(bytes)
            buffer.writeInteger(lineEnd)
        case .integer(let value):
            writeLine("$", digitCount(value), into: &buffer)
            writeLine(nil, value, into: &buffer)
        case .constant(let words): buffer.writeImmutableBuffer(words.encoded)
        }
    }

    private static let lineEnd: UInt16 = 0x0D0A

    /// In one go: most of a command is such lines, and each call of the buffer looks after its capacity and its owner.
    private static func writeLine(_ kind: Unicode.Scalar?, _ value: Int, into buffer: inout ByteBuffer) {
        unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: longestLine) { line in
            var end = 0
            func put(_ byte: UInt8) {
                unsafe line[end] = byte
                end += 1
            }
            if let kind { put(UInt8(ascii: kind)) }
            if value < 0 { put(UInt8(ascii: "-")) }
            var divisor = powerOfTen(below: value.magnitude)
            while divisor > 0 {
                put(UInt8(ascii: "0") + UInt8(value.magnitude / divisor % 10))
                divisor /= 10
            }
            put(UInt8(ascii: "\r"))
            put(UInt8(ascii: "\n"))
            return end
        }
    }

    private static func digitCount(_ value: Int) -> Int {
        var count = value < 0 ? 2 : 1
        var rest = value.magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    private static func powerOfTen(below magnitude: UInt) -> UInt {
        var power: UInt = 1
        while magnitude / power >= 10 { power *= 10 }
        return power
    }
}
