import Testing

@testable import JobRunner

@Suite struct RetryScheduleTests {
    @Test(arguments: [
        (1, 500), (2, 1000), (3, 2000), (4, 4000), (5, 8000), (6, 16_000), (7, 32_000), (8, 60_000), (9, 60_000),
        (30, 60_000), (31, 60_000), (32, 60_000), (64, 60_000), (1000, 60_000), (.max, 60_000),
    ])
    func `the wait doubles up to the maximum`(round: Int, milliseconds: Int) {
        #expect(RetrySchedule().delay(round: round, chance: 0) == .milliseconds(milliseconds))
    }

    @Test(arguments: [0, -1, Int.min])
    func `what is no round counts as the first`(round: Int) {
        #expect(RetrySchedule().delay(round: round, chance: 0) == .milliseconds(500))
    }

    @Test(arguments: [
        (1, -1, 450), (1, 1, 550), (1, 0.5, 525), (3, -1, 1800), (3, 1, 2200), (99, -1, 54_000), (99, 1, 66_000),
    ])
    func `chance moves the wait by a tenth at most`(round: Int, chance: Double, milliseconds: Int) {
        #expect(RetrySchedule().delay(round: round, chance: chance) == .milliseconds(milliseconds))
    }

    @Test func `jitter can be off, or all`() {
        let still = RetrySchedule(base: .seconds(1), maximum: .seconds(8), jitter: 0)
        #expect([-1, -0.3, 0, 1].allSatisfy { still.delay(round: 2, chance: $0) == .seconds(2) })
        let wild = RetrySchedule(base: .seconds(1), maximum: .seconds(8), jitter: 1)
        #expect(wild.delay(round: 2, chance: -1) == .zero)
        #expect(wild.delay(round: 2, chance: 1) == .seconds(4))
    }

    @Test func `the ends of the configuration do no harm`() {
        #expect(RetrySchedule(base: .zero).delay(round: 50, chance: 1) == .zero)
        #expect(RetrySchedule(base: .seconds(90)).delay(round: 1, chance: 0) == .seconds(60))
        let year = RetrySchedule(base: .seconds(31_536_000), maximum: .seconds(31_536_000_000))
        #expect(year.delay(round: .max, chance: 0) == .seconds(31_536_000_000))
    }
}
