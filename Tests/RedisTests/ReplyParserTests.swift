import NIOCore
import Testing

@testable import Redis

@Suite struct ReplyParserTests {
    @Test(
        arguments: [
            ("+OK\r\n", .bytes("OK")),
            ("$5\r\na\r\nbc\r\n", .bytes("a\r\nbc")),
            ("$0\r\n\r\n", .bytes("")),
            ("$-1\r\n", .null),
            ("*-1\r\n", .null),
            ("*0\r\n", .array([])),
            (":-42\r\n", .integer(-42)),
            (":9223372036854775807\r\n", .integer(.max)),
            ("-ERR no such thing\r\n", .error("ERR no such thing")),
            (
                "*2\r\n*2\r\n:1\r\n$-1\r\n*1\r\n-WRONG x\r\n",
                .array([.array([.integer(1), .null]), .array([.error("WRONG x")])])
            ),
        ] as [(String, RedisReply)])
    func `every kind of reply is read`(wire: String, reply: RedisReply) throws {
        #expect(try parseAll([wire]) == [reply])
    }

    @Test func `replies split at every byte boundary come out whole`() throws {
        let wire = "+OK\r\n*3\r\n$3\r\nabc\r\n*2\r\n:7\r\n$-1\r\n$2\r\nde\r\n-ERR x\r\n$4\r\nlast\r\n"
        let expected: [RedisReply] = [
            .bytes("OK"), .array([.bytes("abc"), .array([.integer(7), .null]), .bytes("de")]), .error("ERR x"),
            .bytes("last"),
        ]
        for cut in 0...wire.utf8.count {
            #expect(try parseAll([wire.prefix(cut), wire.dropFirst(cut)].map(String.init)) == expected)
        }
        #expect(try parseAll(wire.unicodeScalars.map { String($0) }) == expected)
    }

    @Test func `replies that came together share one array`() throws {
        var parser = try ReplyParser(maximumReplyBytes: 1000)
        let replies = parser.parse(ByteBuffer(string: "$1\r\na\r\n$1\r\nb\r\n"))
        #expect(replies.compactMap(\.bytes?.startIndex) == [0, 1])
    }

    @Test func `a huge bulk string arrives unharmed in small pieces`() throws {
        let payload = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var wire = ByteBuffer(string: "$\(payload.count)\r\n")
        wire.writeBytes(payload)
        wire.writeString("\r\n:1\r\n")
        var parser = try ReplyParser(maximumReplyBytes: 64 * 1024 * 1024)
        var replies: [RedisReply] = []
        while let piece = wire.readSlice(length: min(65_536, wire.readableBytes)), piece.readableBytes > 0 {
            replies += parser.parse(piece)
        }
        #expect(parser.failure == nil)
        #expect(replies == [.bytes(payload[...]), .integer(1)])
    }

    @Test func `an array of many elements is read`() throws {
        let wire = "*5000\r\n" + String(repeating: "$3\r\nabc\r\n", count: 5000)
        #expect(try parseAll([wire]) == [.array(Array(repeating: .bytes("abc"), count: 5000))])
    }

    @Test func `what came before a violation still counts`() throws {
        var parser = try ReplyParser(maximumReplyBytes: 1000)
        #expect(parser.parse(ByteBuffer(string: "+OK\r\n!oops\r\n")) == [.bytes("OK")])
        #expect(parser.failure?.code == .protocolViolation)
        #expect(parser.parse(ByteBuffer(string: "+OK\r\n")).isEmpty)
    }

    @Test(arguments: ["$1000\r\n", "*100000\r\n"])
    func `a reply past the limit is a violation`(header: String) throws {
        var parser = try ReplyParser(maximumReplyBytes: 500)
        #expect(parser.parse(ByteBuffer(string: header)).isEmpty)
        for _ in 0..<100 where parser.failure == nil {
            #expect(parser.parse(ByteBuffer(string: header.first == "$" ? "123456789\n" : ":1\r\n")).isEmpty)
        }
        #expect(parser.failure?.code == .protocolViolation)
    }

    @Test func `many small replies are not counted as one large`() throws {
        var parser = try ReplyParser(maximumReplyBytes: 100)
        let replies = parser.parse(ByteBuffer(string: String(repeating: "$5\r\nabcde\r\n", count: 500)))
        #expect(replies.count == 500)
        #expect(parser.failure == nil)
    }

    private func parseAll(_ pieces: [String]) throws -> [RedisReply] {
        var parser = try ReplyParser(maximumReplyBytes: 1_000_000)
        var replies: [RedisReply] = []
        for piece in pieces { replies += parser.parse(ByteBuffer(string: piece)) }
        if let failure = parser.failure { throw failure }
        return replies
    }
}
