/// How one chunk is brought to the intake: which of its lines are sent next, and how long to wait before. A value.
package struct Delivery: Sendable, Equatable {
    /// Refusals of a line that are over some time. The lines are sent again.
    private static let passing: Set<String> = ["queue_full", "caller_queue_full"]

    package private(set) var pending: [Int]
    package private(set) var rejected: [LineRejection] = []
    package private(set) var known: [Int: String] = [:]
    private var portion: Int
    private var retry = RetryPause()

    /// - Parameter isThere: lines that are jobs already, for all that is known.
    package init(_ chunk: LineChunk, isThere: (Int) -> Bool = { _ in false }) {
        pending = chunk.jobs.filter { !isThere($0) }
        portion = max(1, pending.count)
    }

    /// What is sent next.
    package var next: ArraySlice<Int> { pending.prefix(portion) }

    /// - Returns: how long to wait before the next, and why.
    package mutating func answered(_ reply: BatchReply) -> (wait: Duration, reason: String?) {
        let sent = next
        let full = reply.rejected.filter { Self.passing.contains($0.code) }
        let again = Set(full.map(\.line))
        rejected += reply.rejected.filter { !Self.passing.contains($0.code) }
        known.merge(reply.known) { $1 }
        pending = sent.filter(again.contains) + pending.dropFirst(sent.count)
        portion = min(LineChunk.mostLines, portion * 2)
        if let first = full.first, full.count == sent.count { return (retry.next(), first.message) }
        retry = RetryPause()
        return (full.isEmpty ? .zero : .seconds(1), full.first?.message)
    }

    package mutating func failed(_ trouble: IntakeTrouble) throws(SubmissionTrouble) -> (wait: Duration, reason: String)
    {
        switch trouble {
        case .away(let reason): return (retry.next(), reason)
        case .busy(let after, let isTooMuch, let reason):
            if isTooMuch { portion = max(1, portion / 2) }
            return (after, reason)
        case .unknown(let reason), .refused(let reason): throw SubmissionTrouble(reason)
        }
    }
}

/// Longer pauses from one failure to the next, up to half a minute. A value.
package struct RetryPause: Sendable, Equatable {
    private static let longest = Duration.seconds(30)
    private var last = Duration.milliseconds(100)

    package init() {}

    package mutating func next() -> Duration {
        last = min(Self.longest, last * 2)
        return last
    }
}
