import Redis

/// What a Redis server says of itself.
struct ServerUse {
    var usedMemory: Int

    static func read(_ client: RedisClient) async throws -> ServerUse {
        let info = try await client.send(["INFO", "memory"]).string ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory:") }
        return ServerUse(usedMemory: line.flatMap { Int($0.dropFirst("used_memory:".count)) } ?? 0)
    }
}
