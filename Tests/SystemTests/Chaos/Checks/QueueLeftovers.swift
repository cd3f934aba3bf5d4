import Foundation

/// What is still in the queue's structures. When every job has ended, all of them are empty; a count that says otherwise has
/// drifted.
struct QueueLeftovers: Sendable {
    let redis: ChaosRedis

    /// One line for each structure that is not empty.
    func found() async throws -> [String] {
        var found: [String] = []
        for name in ["leases", "due", "deadlines"] {
            found.append(contentsOf: Self.line(name, try await redis.ask("ZCARD", "sluice{0}:" + name)))
        }
        found.append(
            contentsOf: Self.line("stream:default", try await redis.ask("XLEN", "sluice{0}:stream:default")))
        for state in ["queued", "scheduled", "in_progress"] {
            let count = try await redis.ask("HGET", "sluice{0}:census", "default:" + state)
            found.append(contentsOf: Self.line("census of \(state)", count))
        }
        return found
    }

    private static func line(_ what: String, _ count: String) -> [String] {
        count.isEmpty || count == "0" ? [] : ["left over: \(what) holds \(count)"]
    }
}
