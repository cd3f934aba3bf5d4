import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct ClaimPlanTests {
    private let queues = [
        QueueWeight(queue: "interactive", weight: 8), QueueWeight(queue: "default", weight: 4),
        QueueWeight(queue: "batch", weight: 1),
    ]

    @Test func `the shares add up to the limit`() {
        var random = SeededGenerator()
        for limit in 0...300 {
            let shares = ClaimPlan.shares(queues, limit: limit, random: &random)
            #expect(shares.reduce(0) { $0 + $1.jobs } == limit)
            #expect(Set(shares.map(\.queue)) == ["interactive", "default", "batch"])
            #expect(shares.allSatisfy { $0.jobs >= 0 })
        }
    }

    @Test func `what divides evenly is divided by weight`() {
        var random = SeededGenerator()
        let shares = ClaimPlan.shares(queues, limit: 26, random: &random)
        #expect(shares.map(\.jobs) == [16, 8, 2])
    }

    @Test(arguments: [1, 2, 5, 13, 20, 128])
    func `over many claims every queue gets its weight`(limit: Int) {
        var random = SeededGenerator(seed: UInt64(limit))
        var got: [String: Int] = [:]
        for _ in 0..<10_000 {
            for share in ClaimPlan.shares(queues, limit: limit, random: &random) {
                got[share.queue, default: 0] += share.jobs
            }
        }
        for queue in queues {
            let part = Double(got[queue.queue] ?? 0) / Double(10_000 * limit)
            #expect(abs(part - Double(queue.weight) / 13) < 0.02, "\(queue.queue) got \(part)")
        }
    }

    @Test func `no queue starves when jobs are claimed one by one`() {
        var random = SeededGenerator()
        var since = 0
        var longest = 0
        for _ in 0..<50_000 {
            let first = ClaimPlan.shares(queues, limit: 1, random: &random)[0]
            #expect(first.jobs == 1)
            since = first.queue == "batch" ? 0 : since + 1
            longest = max(longest, since)
        }
        #expect(longest < 300)
    }

    @Test func `no queues, or none with a weight, have no shares`() {
        var random = SeededGenerator()
        #expect(ClaimPlan.shares([], limit: 5, random: &random).isEmpty)
        #expect(ClaimPlan.shares([QueueWeight(queue: "a", weight: 0)], limit: 5, random: &random).isEmpty)
        let one = ClaimPlan.shares([QueueWeight(queue: "a", weight: 3)], limit: 5, random: &random)
        #expect(one == [QueueShare(queue: "a", jobs: 5, most: 5)])
    }

    @Test(
        arguments: [
            (ClaimRound(hasMore: true), 1, nil, .zero), (ClaimRound(hasMore: true), 0, nil, .seconds(1)),
            (ClaimRound(hasMore: false), 5, nil, .seconds(1)),
            (ClaimRound(nextDueIn: .milliseconds(300)), 5, nil, .milliseconds(300)),
            (ClaimRound(nextDueIn: .seconds(300)), 5, nil, .seconds(1)),
            (ClaimRound(hasMore: true), 0, .milliseconds(200), .milliseconds(200)),
            (ClaimRound(hasMore: true, nextDueIn: .milliseconds(100)), 0, .milliseconds(200), .milliseconds(100)),
            (ClaimRound(nextDueIn: .zero), 5, nil, .milliseconds(1)),
            (ClaimRound(nextDueIn: .seconds(-5)), 5, nil, .milliseconds(1)),
        ] as [(ClaimRound, Int, Duration?, Duration)])
    func `the rest ends when something can be done`(round: ClaimRound, room: Int, opensIn: Duration?, rest: Duration) {
        let capacity = PoolCapacity(calls: opensIn == nil ? .max : 0, opensIn: opensIn)
        #expect(ClaimPlan.rest(after: round, room: room, capacity: capacity, tick: .seconds(1)) == rest)
    }
}
