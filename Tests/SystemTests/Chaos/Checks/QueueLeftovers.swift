import Foundation
import RunAudit

/// What is still in the queue's structures, and what the journal believes that it has to send there. When every job has ended,
/// all of it is empty; a count that says otherwise has drifted.
struct QueueLeftovers: Sendable {
    let redis: ChaosRedis
    let journal: AuditReader

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
        found.append(contentsOf: Self.line("the spool", "\(try await journal.spooledCount())"))
        return found
    }

    private static func line(_ what: String, _ count: String) -> [String] {
        count.isEmpty || count == "0" ? [] : ["left over: \(what) holds \(count)"]
    }
}
