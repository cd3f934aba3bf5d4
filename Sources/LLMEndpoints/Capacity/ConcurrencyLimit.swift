import JobFlow

/// Calls at once that an endpoint of unknown capacity bears: none is assumed until it says that it is full, then it is felt
/// out: a tenth more, and one, for as many answers as it bears at once; a fifth less for a 429. A value.
struct ConcurrencyLimit: Sendable, Equatable {
    private static let decrease = 0.8
    /// Without a 429 the limit is believed less and less: twice as much each time that so long has passed.
    private static let memory = Duration.seconds(30)

    private var limit: Double?
    private var decreasedAt = Timestamp.distantPast

    func room(inflight: Int, at now: Timestamp) -> Int {
        guard let limit = current(at: now) else { return .max }
        return max(0, Int(limit) - inflight)
    }

    private func current(at now: Timestamp) -> Double? {
        guard let limit else { return nil }
        let doublings = Int((now - decreasedAt).inSeconds / Self.memory.inSeconds)
        return min(limit * Double(1 << min(max(0, doublings), 30)), 1e9)
    }

    /// - Parameters:
    ///   - inflight: calls under way, this one included.
    ///   - start: of this call. One that began before the last decrease says nothing new.
    mutating func throttled(inflight: Int, begunAt start: Timestamp, at now: Timestamp) {
        guard start >= decreasedAt else { return }
        limit = max(1, min(current(at: now) ?? .infinity, Double(inflight)) * Self.decrease)
        decreasedAt = now
    }

    mutating func answered(inflight: Int, at now: Timestamp) {
        // Only a limit that is used has shown that it can be borne.
        guard let limit, let current = current(at: now), Double(inflight) >= current * 0.8 else { return }
        self.limit = limit * (1 + (0.1 + 1 / current) / current)
    }
}
