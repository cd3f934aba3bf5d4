import NIOCore
import Redis

/// RESP: commands into bytes, bytes into replies.
enum WireParts {
    static func measure(_ table: inout PartsTable) async throws {
        try await table.measure("wire: encode a settlement, 1 KB") { count in encode(count) }
        let claims = claims(100)
        try await table.measure("wire: parse 100 claims, 1 KB each") { count in try parse(claims, count) }
        let small = ByteBuffer(string: String(repeating: ":1\r\n", count: 100))
        try await table.measure("wire: parse 100 small replies") { count in try parse(small, count) }
    }

    private static func encode(_ count: Int) {
        let command: [RedisArgument] =
            [
                "EVALSHA", .string(String(repeating: "0", count: 40)), 1, "sluice{0}:",
                "job_0_01kaqz2m5w3v9x8c7b6n5m4k3j",
            ]
            + (0..<16).map(RedisArgument.integer) + [.bytes(Array(Answer.text(bytes: 800).utf8)), "", ""]
        var buffer = ByteBuffer()
        for _ in 0..<count {
            buffer.clear()
            CommandEncoder.encode(command, into: &buffer)
        }
        use(buffer)
    }

    private static func parse(_ bytes: ByteBuffer, _ count: Int) throws {
        var parser = try ReplyParser(maximumReplyBytes: 1 << 30)
        for _ in 0..<count { use(parser.parse(bytes)) }
    }

    /// As `claim.lua` hands jobs over.
    private static func claims(_ count: Int) -> ByteBuffer {
        let claim =
            "*7\r\n" + bulk("job_0_01kaqz2m5w3v9x8c7b6n5m4k3j") + ":1\r\n:0\r\n:0\r\n:0\r\n"
            + bulk(String(repeating: "m", count: 160)) + bulk(Prompt.text(1, bytes: 1024))
        return ByteBuffer(string: "*\(count)\r\n" + String(repeating: claim, count: count))
    }

    private static func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }
}
