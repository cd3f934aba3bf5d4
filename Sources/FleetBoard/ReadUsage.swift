package import JobFlow
import Redis
import RedisFaults

/// The statistics of the last hours. They are summed up here, because a server does nothing else while it runs a script.
extension RedisPoolBoard {
    package func usage(hours: Int) async throws(StoreError) -> [TokenUse] {
        guard let seconds = try await ask([["TIME"]]).first?.array?.first?.int else { throw .unexpected("TIME") }
        let keys = (0..<min(max(0, hours), 48)).map { BoardKeys.usage(seconds / 3600 - $0) }
        var uses: [String: TokenUse] = [:]
        for reply in try await ask(keys.map { ["HGETALL", .string($0)] }) {
            guard let parts = reply.array, parts.count.isMultiple(of: 2) else { throw .unexpected("usage") }
            for index in stride(from: 0, to: parts.count, by: 2) {
                try Self.add(parts[index], parts[index + 1], to: &uses)
            }
        }
        return uses.sorted { $0.key < $1.key }.map(\.value)
    }

    private func ask(_ commands: [[RedisArgument]]) async throws(StoreError) -> [RedisReply] {
        do { return try await client.pipeline(commands) } catch { throw StoreError(error) }
    }

    /// - Parameter field: `endpoint|model|queue|kind`; of a kind that a later version counts, the names alone are taken.
    private static func add(_ field: RedisReply, _ value: RedisReply, to uses: inout [String: TokenUse])
        throws(StoreError)
    {
        let names = (field.string ?? "").split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 4, let count = value.int else { throw .unexpected("usage") }
        func counts(_ kind: String) -> Int { names[3] == kind ? count : 0 }
        let use = TokenUse(
            endpoint: names[0], model: names[1], queue: names[2], calls: counts("calls"),
            estimated: counts("estimated"), prompt: counts("prompt"), completion: counts("completion"),
            cached: counts("cached"))
        let key = names.dropLast().joined(separator: "|")
        if uses[key]?.add(use) == nil { uses[key] = use }
    }
}
