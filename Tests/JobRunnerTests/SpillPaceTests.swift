import JobFlow
import Testing

@testable import JobRunner

@Suite struct SpillPaceTests {
    private let much = SpillNeed(horizon: .seconds(900), least: .seconds(3), pace: 2)

    @Test func `what is too much is spread over the time it has`() {
        let need = SpillPlan.need(
            due: [0, 0, 0, 0, 1_000, 1_000, 1_000, 1_000], rate: JobRate(now: 1, whole: 1), partitions: 1,
            callTime: .zero)
        #expect(need.horizon == .seconds(900))
        #expect(abs(need.pace - (1_000 - 810.0) / 900) < 0.001)
    }

    @Test func `every other round is for jobs that cannot wait, with no bound but the limit`() {
        var pace = SpillPace()
        pace.plan(much, at: .seconds(1))
        let shares = (0..<4).map { _ in pace.share(limit: 128, cheap: 5) }
        #expect(shares.map(\.within) == [.seconds(3), .seconds(900), .seconds(3), .seconds(900)])
        #expect(shares.map(\.jobs) == [128, 5, 128, 5])
    }

    @Test func `jobs that cost extra are saved up by the pace, for a second at most, and spent`() {
        var pace = SpillPace()
        func jobs() -> Int {
            _ = pace.share(limit: 128, cheap: 5)
            return pace.share(limit: 128, cheap: 5).jobs
        }
        pace.plan(much, at: .seconds(1))
        pace.plan(much, at: .milliseconds(1_500))
        #expect(jobs() == 6)
        pace.took(6, cheap: 5)
        #expect(jobs() == 5)
        pace.plan(much, at: .seconds(60))
        #expect(jobs() == 7)
    }

    @Test func `while nothing is too much, near jobs go at once`() {
        var pace = SpillPace()
        pace.plan(SpillNeed(horizon: .seconds(3), least: .seconds(3)), at: .seconds(1))
        #expect((0..<2).map { _ in pace.share(limit: 128, cheap: 5).jobs } == [128, 128])
    }
}
