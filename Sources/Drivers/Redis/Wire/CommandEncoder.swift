package import NIOCore

/// Writes commands as RESP arrays of bulk strings, straight into the buffer that goes to the socket.
package enum CommandEncoder {
    package static func encode(_ command: [RedisArgument], into buffer: inout ByteBuffer) {
        writeHeader("*", command.count, into: &buffer)
        for argument in command { encode(argument, into: &buffer) }
    }

    private static func encode(_ argument: RedisArgument, into buffer: inout ByteBuffer) {
        switch argument {
        case .string(let text):
            writeHeader("$", text.utf8.count, into: &buffer)
            buffer.writeString(text)
        case .bytes(let bytes):
            writeHeader("$", bytes.count, into: &buffer)
            buffer.writeBytes(bytes)
        case .integer(let value):
            writeHeader("$", digitCount(value), into: &buffer)
            writeDecimal(value, into: &buffer)
        }
        writeLineEnd(into: &buffer)
    }

    private static func writeHeader(_ kind: Unicode.Scalar, _ count: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: kind))
        writeDecimal(count, into: &buffer)
        writeLineEnd(into: &buffer)
    }

    private static func writeLineEnd(into buffer: inout ByteBuffer) {
        buffer.writeInteger(0x0D0A as UInt16)
    }

    private static func writeDecimal(_ value: Int, into buffer: inout ByteBuffer) {
        if value < 0 { buffer.writeInteger(UInt8(ascii: "-")) }
        var divisor = powerOfTen(below: value.magnitude)
        while divisor > 0 {
            buffer.writeInteger(UInt8(ascii: "0") + UInt8(value.magnitude / divisor % 10))
            divisor /= 10
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
