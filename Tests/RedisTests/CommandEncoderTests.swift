import NIOCore
import Testing

@testable import Redis

@Suite struct CommandEncoderTests {
    @Test(
        arguments: [
            ([], "*0\r\n"),
            (["PING"], "*1\r\n$4\r\nPING\r\n"),
            (["SET", "key", ""], "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$0\r\n\r\n"),
            (["SET", "ключ", "日"], "*3\r\n$3\r\nSET\r\n$8\r\nключ\r\n$3\r\n日\r\n"),
            ([.bytes([13, 10, 0])], "*1\r\n$3\r\n\r\n\0\r\n"),
        ] as [([RedisArgument], String)])
    func `a command becomes an array of bulk strings`(command: [RedisArgument], wire: String) {
        #expect(encode(command) == wire)
    }

    @Test(arguments: [0, 7, 10, 99, 100, 1_234_567, -1, -10, -999, .max, .min])
    func `integers are written in decimal with their length`(value: Int) {
        let digits = "\(value)"
        #expect(encode([.integer(value)]) == "*1\r\n$\(digits.utf8.count)\r\n\(digits)\r\n")
    }

    @Test func `words that were encoded before are words like others`() {
        let words = RedisWords(["a", .integer(-12), .bytes([0])])
        let tail = "$1\r\na\r\n$3\r\n-12\r\n$1\r\n\0\r\n"
        #expect(encode(["GET", "x", .constant(words)]) == "*5\r\n$3\r\nGET\r\n$1\r\nx\r\n" + tail)
        #expect(
            encode([.constant(words), .constant(RedisWords([.constant(words), "b"]))]).hasPrefix("*7\r\n" + tail + tail)
        )
        #expect(encode(["PING", .constant(RedisWords([]))]) == "*1\r\n$4\r\nPING\r\n")
    }

    private func encode(_ command: [RedisArgument]) -> String {
        var buffer = ByteBuffer()
        CommandEncoder.encode(command, into: &buffer)
        return String(buffer: buffer)
    }
}
