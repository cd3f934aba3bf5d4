package import JobFlow

/// A queue and its share of the work.
package struct QueueWeight: Sendable, Equatable {
    package var queue: String
    package var weight: Int
    /// When its jobs may cost extra.
    package var spill: SpillChoice
    /// The region that its jobs ask first.
    package var region: String?

    package init(queue: String, weight: Int, spill: SpillChoice = .atDeadline, region: String? = nil) {
        self.queue = queue
        self.weight = weight
        self.spill = spill
        self.region = region
    }
}

/// How a claim is divided among the queues, and when the next one is made. Pure.
package enum ClaimPlan {
    /// Divides `limit` by weight: as much as can be called without extra cost among all queues, what is left among those that
    /// may cost extra at once.
    package static func shares(
        _ queues: [QueueWeight], limit: Int, withoutExtraCost: Int = .max, random: inout some RandomNumberGenerator
    ) -> [QueueShare] {
        let cheap = min(limit, withoutExtraCost)
        var shares = divide(cheap, among: queues, random: &random)
        for index in shares.indices { shares[index].most = queues[index].spill == .immediate ? limit : cheap }
        if limit > cheap {
            let spilling = queues.indices.filter { queues[$0].spill == .immediate }
            let more = divide(limit - cheap, among: spilling.map { queues[$0] }, random: &random)
            for (index, share) in zip(spilling, more) { shares[index].jobs += share.jobs }
        }
        // Whoever was drawn comes first, so that what is left over is not always the first queue's.
        return limit == 1 ? shares.sorted { $0.jobs > $1.jobs } : shares
    }

    /// What does not divide evenly is drawn by chance, so that over many small claims every queue gets its share and none
    /// starves.
    private static func divide(
        _ limit: Int, among queues: [QueueWeight], random: inout some RandomNumberGenerator
    ) -> [QueueShare] {
        let total = queues.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return [] }
        // One draw is carried through all queues: each gets its exact share on average, and the sum is exact every time.
        var carried = Int.random(in: 0..<total, using: &random)
        return queues.map { queue in
            carried += limit * queue.weight
            defer { carried %= total }
            return QueueShare(queue: queue.queue, jobs: carried / total)
        }
    }

    /// While only calls can be made that cost extra, the queues that may make them are looked at so often.
    static let spillTick = Duration.milliseconds(50)

    /// How long to rest after a round; zero to go on at once. A wake-up ends any rest.
    ///
    /// - Parameter room: jobs that could still be taken without extra cost.
    package static func rest(after round: ClaimRound, room: Int, capacity: PoolCapacity, tick: Duration) -> Duration {
        if round.hasMore, room > 0 { return .zero }
        let spill = capacity.calls == 0 && capacity.spillCalls > 0 ? spillTick : nil
        return max(
            .milliseconds(1), [tick, round.nextDueIn, capacity.opensIn, spill].compactMap(\.self).min() ?? tick)
    }
}
