import JobFlow

/// Calls at once that an endpoint of unknown capacity bears: none is assumed until it says that it is full, then it is felt
/// out: a tenth more, and one, for as many answers as it bears at once; a fifth less for a 429. A value.
struct ConcurrencyLimit: Sendable, Equatable {
    private static let decrease = 0.8
    /// Without a 429 for so long the limit is forgotten.
    private static let memory = Duration.seconds(30)

    private var limit: Double?
    private var decreasedAt = Timestamp(milliseconds: 0)

    func room(inflight: Int, at now: Timestamp) -> Int {
        guard let limit, now - decreasedAt < Self.memory else { return .max }
        return max(0, Int(limit) - inflight)
    }

    /// - Parameters:
    ///   - inflight: calls under way, this one included.
    ///   - start: of this call. One that began before the last decrease says nothing new.
    mutating func throttled(inflight: Int, begunAt start: Timestamp, at now: Timestamp) {
        guard start >= decreasedAt else { return }
        limit = max(1, min(limit ?? .infinity, Double(inflight)) * Self.decrease)
        decreasedAt = now
    }

    mutating func answered(inflight: Int, at now: Timestamp) {
        guard let limit else { return }
        if now - decreasedAt >= Self.memory {
            self.limit = nil
        } else
        // Only a limit that is used has shown that it can be borne.
        if Double(inflight) >= limit * 0.8 {
            self.limit = limit + 0.1 + 1 / limit
        }
    }
}
