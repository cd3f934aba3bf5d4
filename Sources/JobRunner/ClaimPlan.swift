import JobFlow

/// A queue and its share of the work.
package struct QueueWeight: Sendable, Equatable {
    package var queue: String
    package var weight: Int

    package init(queue: String, weight: Int) {
        self.queue = queue
        self.weight = weight
    }
}

/// How a claim is divided among the queues, and when the next one is made. Pure.
enum ClaimPlan {
    /// Divides `limit` by weight. What does not divide evenly is drawn by chance, so that over many small claims every
    /// queue gets its share and none starves.
    static func shares(
        _ queues: [QueueWeight], limit: Int, random: inout some RandomNumberGenerator
    ) -> [QueueShare] {
        let total = queues.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return [] }
        // One draw is carried through all queues: each gets its exact share on average, and the sum is exact every time.
        var carried = Int.random(in: 0..<total, using: &random)
        let shares = queues.map { queue in
            carried += limit * queue.weight
            defer { carried %= total }
            return QueueShare(queue: queue.queue, jobs: carried / total)
        }
        // Whoever was drawn comes first, so that what is left over is not always the first queue's.
        return limit == 1 ? shares.sorted { $0.jobs > $1.jobs } : shares
    }

    /// How long to rest after a round; zero to go on at once. A wake-up ends any rest.
    static func rest(after round: ClaimRound, room: Int, capacity: PoolCapacity, tick: Duration) -> Duration {
        if room > 0, round.hasMore { return .zero }
        return max(.milliseconds(1), [tick, round.nextDueIn, capacity.opensIn].compactMap(\.self).min() ?? tick)
    }
}
