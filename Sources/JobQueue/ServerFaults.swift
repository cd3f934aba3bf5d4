package import JobFlow
import Redis
import RedisFaults

extension RedisJobStore {
    /// What makes a server unfit to hold jobs; empty if nothing does.
    package func serverFaults() async throws(StoreError) -> [String] {
        let reply: RedisReply
        do { reply = try await client.send(["INFO"]) } catch { throw StoreError(error) }
        let info = Self.fields(reply.string ?? "")
        var faults: [String] = []
        if let policy = info["maxmemory_policy"], policy != "noeviction" {
            faults.append("redis.url: maxmemory-policy is \(policy), which would evict jobs; noeviction is needed")
        }
        if let version = info["redis_version"], let major = version.split(separator: ".").first.flatMap({ Int($0) }),
            major < 7
        {
            faults.append("redis.url: the server is version \(version); 7.0 or newer is needed")
        }
        return faults
    }

    private static func fields(_ text: String) -> [String: String] {
        let pairs = text.split(whereSeparator: \.isNewline).compactMap { line -> (String, String)? in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }
}
