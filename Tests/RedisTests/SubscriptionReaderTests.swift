import Testing

@testable import Redis

@Suite struct SubscriptionReaderTests {
    @Test func `it is subscribed when every channel is confirmed`() {
        var reader = SubscriptionReader(channels: ["a", "b"])
        #expect(reader.receive(.array([.bytes("subscribe"), .bytes("a"), .integer(1)])) == .nothing)
        #expect(reader.receive(.array([.bytes("subscribe"), .bytes("b"), .integer(2)])) == .subscribed)
        #expect(reader.receive(.array([.bytes("subscribe"), .bytes("b"), .integer(2)])) == .nothing)
    }

    @Test func `messages and pongs and errors are told apart`() {
        var reader = SubscriptionReader(channels: ["a"])
        let message = reader.receive(.array([.bytes("message"), .bytes("a"), .bytes("hi")]))
        #expect(message == .message(channel: "a", payload: ArraySlice("hi".utf8)))
        #expect(reader.receive(.array([.bytes("pong"), .bytes("")])) == .nothing)
        #expect(reader.receive(.error("NOPERM no")) == .failed(RedisError(.authentication, "NOPERM no")))
    }
}
