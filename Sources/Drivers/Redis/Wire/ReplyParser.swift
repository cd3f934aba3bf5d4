import CHiredis
package import NIOCore

/// Owns hiredis' reader: takes bytes as they come, gives the replies that are whole.
///
/// hiredis 0.14 reads arrays seven levels deep; a deeper reply is a protocol violation.
@safe package struct ReplyParser: ~Copyable {
    private let parser: OpaquePointer
    private(set) var failure: RedisError?

    package init(maximumReplyBytes: Int) throws(RedisError) {
        guard let parser = unsafe chr_parser_create(maximumReplyBytes) else {
            throw RedisError(.connectionFailed, "no memory for a reply parser")
        }
        unsafe self.parser = parser
    }

    deinit { unsafe chr_parser_free(parser) }

    /// The replies that became whole. When `failure` is set they are the last ones, and the connection is of no use.
    package mutating func parse(_ buffer: ByteBuffer) -> [RedisReply] {
        let status = unsafe buffer.withUnsafeReadableBytes { bytes in
            unsafe chr_parser_feed(parser, bytes.baseAddress, bytes.count)
        }
        if status != 0 {
            failure = unsafe RedisError(.protocolViolation, String(cString: chr_parser_error(parser)))
        }
        return takeReplies()
    }

    private func takeReplies() -> [RedisReply] {
        let count = unsafe chr_parser_replies(parser)
        guard count > 0, let tokens = unsafe chr_parser_tokens(parser) else { return [] }
        let arena = unsafe Array(
            UnsafeBufferPointer(start: chr_parser_arena(parser), count: chr_parser_arena_count(parser)))
        var tape = unsafe Tape(tokens: tokens, arena: arena)
        let replies = (0..<count).map { _ in unsafe tape.next() }
        unsafe chr_parser_consume(parser)
        return replies
    }
}

/// Reads the tokens of whole replies in order; they end exactly where the last reply ends.
@unsafe private struct Tape {
    var tokens: UnsafePointer<chr_token>
    let arena: [UInt8]

    mutating func next() -> RedisReply {
        let token = unsafe tokens.pointee
        unsafe tokens += 1
        switch Int(token.kind) {
        case CHR_INTEGER: return .integer(token.value)
        case CHR_BYTES: return .bytes(unsafe bytes(of: token))
        case CHR_ERROR: return .error(unsafe String(decoding: bytes(of: token), as: UTF8.self))
        case CHR_ARRAY: return .array((0..<Int(token.value)).map { _ in unsafe next() })
        default: return .null
        }
    }

    private func bytes(of token: chr_token) -> ArraySlice<UInt8> {
        let start = Int(token.offset)
        return unsafe arena[start..<start + Int(token.value)]
    }
}
