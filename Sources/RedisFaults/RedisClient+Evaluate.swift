package import JobFlow
package import Redis

extension RedisClient {
    /// Runs a script all of whose keys begin with `prefix`.
    ///
    /// - Parameter read: nil for a reply of another shape.
    package func evaluate<Value>(
        _ script: RedisScript, prefix: String, _ arguments: [RedisArgument], _ read: (RedisReply) -> Value?
    ) async throws(StoreError) -> Value {
        let reply: RedisReply
        do { reply = try await evaluate(script, keys: [.string(prefix)], arguments: arguments) } catch {
            throw StoreError(error)
        }
        guard let value = read(reply) else { throw .unexpected(script.name) }
        return value
    }
}
