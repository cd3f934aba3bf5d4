import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct SpillPlanTests {
    /// Jobs due within 10 s, 30 s, 60 s, 5 min, 15 min, 1 h, 4 h, 24 h.
    private func horizon(
        _ due: [Int], now: Double = 10, whole: Double = 10, partitions: Int = 1, callTime: Duration = .zero
    ) -> Duration {
        SpillPlan.horizon(
            due: due, rate: JobRate(now: now, whole: whole), partitions: partitions, callTime: callTime)
    }

    @Test(
        arguments: [
            ([], 3), ([0, 0, 0, 0, 0, 0, 0, 0], 3), ([90, 90, 90, 90, 90, 90, 90, 90], 3),
            ([91, 91, 91, 91, 91, 91, 91, 91], 10), ([0, 271, 271, 271, 271, 271, 271, 271], 30),
            ([0, 0, 0, 2_701, 2_701, 2_701, 2_701, 2_701], 300),
            ([91, 91, 91, 2_701, 2_701, 2_701, 2_701, 2_701], 300),
        ] as [([Int], Int)])
    func `all jobs are near of which more are due than the pool bears in that time`(due: [Int], seconds: Int) {
        #expect(horizon(due) == .seconds(seconds))
    }

    @Test func `each partition has its part of what the pool bears`() {
        #expect(horizon([30], partitions: 4) == .seconds(10))
        #expect(horizon([22], partitions: 4) == .seconds(3))
    }

    @Test func `for a minute only what is well is counted on, and then all`() {
        #expect(horizon([1, 1, 1, 100, 100, 100, 100, 100], now: 0) == .seconds(60))
    }

    @Test func `a call has to fit in`() {
        #expect(horizon([], callTime: .seconds(20)) == .seconds(61))
        #expect(SpillPlan.horizon(due: [1_000], rate: nil, partitions: 1, callTime: .zero) == .seconds(3))
    }
}
