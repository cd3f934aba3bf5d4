import JobFlow

/// Which seals have passed their time: those from the start of the chain, for what is pruned has to leave a chain behind.
/// A pure decision.
enum PrunedPrefix {
    struct Candidate: Sendable, Equatable {
        var number: Int64
        var lastID: Int64
        var rows: Int64
        var sealedAt: Timestamp
    }

    /// The last seal to go, if there is one. A moment that is still to come was written by a clock that was wrong: such a seal
    /// goes with those after it.
    ///
    /// - Parameters:
    ///   - limit: rows at most, though at least the first seal goes.
    static func last(
        of candidates: [Candidate], before: Timestamp, now: Timestamp, limit: Int
    ) -> Candidate? {
        var last: Candidate?
        var rows: Int64 = 0
        for seal in candidates {
            rows += seal.rows
            guard seal.sealedAt < before || seal.sealedAt > now, last == nil || rows <= limit else { break }
            if seal.sealedAt < before { last = seal }
        }
        return last
    }
}
