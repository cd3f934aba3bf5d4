import Testing

@testable import Redis

@Suite struct RedisReplyTests {
    @Test func `numbers are read from integers and from digits`() {
        #expect(RedisReply.integer(-3).int == -3)
        #expect(RedisReply.bytes("42").int == 42)
        #expect(RedisReply.bytes("4x").int == nil)
        #expect(RedisReply.null.int == nil)
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
