@testable import Redis

extension RedisReply {
    static func bytes(_ text: String) -> RedisReply { .bytes(ArraySlice(text.utf8)) }
}
