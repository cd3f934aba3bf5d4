import Testing

@testable import Redis

@Suite struct RedisReplyTests {
    @Test func `numbers are read from integers and from digits`() {
        #expect(RedisReply.integer(-3).int == -3)
        #expect(RedisReply.bytes("42").int == 42)
        #expect(RedisReply.bytes("4x").int == nil)
        #expect(RedisReply.null.int == nil)
        for (text, number) in [
            ("0", 0), ("007", 7), ("-7", -7), ("+7", 7), ("999999999999999999", 999_999_999_999_999_999),
            ("9223372036854775807", .max), ("9223372036854775808", nil), ("-9223372036854775808", .min), ("", nil),
            ("-", nil), (" 1", nil), ("1.0", nil), ("\u{661}", nil),
        ] as [(String, Int?)] {
            #expect(RedisReply.bytes(Array(text.utf8)[...]).int == number, "\(text)")
        }
    }

    @Test func `only bytes are text and only arrays are arrays`() {
        #expect(RedisReply.bytes("abc").string == "abc")
        #expect(RedisReply.integer(1).string == nil)
        #expect(RedisReply.array([.null]).array == [.null])
        #expect(RedisReply.bytes("").array == nil)
        #expect(RedisReply.null.isNull)
        #expect(!RedisReply.array([]).isNull)
    }
}
