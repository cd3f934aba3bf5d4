import JobFlow
import PoolRehearsal
import PoolSimulator
import Testing

/// A pool that has more to do than it can.
@Suite struct SaturationTests {
    @Test(arguments: [10.0, 5])
    func `three processes use a saturated endpoint for an hour, and hardly ever ask in vain, also if it is shallower`(
        burst: Double
    ) throws {
        let setup = Fixtures.setup([Fixtures.endpoint("one")]) { $0.burstSeconds = burst }
        var rehearsal = Rehearsal(setup, Fixtures.backlog(12_000))
        let report = rehearsal.run(until: .seconds(3600))
        #expect(try #require(report.utilisation) >= 0.97)
        #expect(Double(report.throttled) <= Double(report.calls) * 0.01)
        #expect(report.failures == 0)
    }

    @Test func `a prepaid endpoint beside others is used as well`() throws {
        let setup = Fixtures.setup([Fixtures.endpoint("one"), Fixtures.endpoint("two")])
        var rehearsal = Rehearsal(setup, Fixtures.backlog(6_000))
        let report = rehearsal.run(until: .seconds(1200))
        #expect(try #require(report.utilisation) >= 0.97)
        #expect(Double(report.throttled) <= Double(report.calls) * 0.01)
    }

    @Test func `the same seed gives the same report, another seed another`() {
        let reports = [UInt64(1), 1, 2].map { seed in
            let setup = Fixtures.setup([Fixtures.endpoint("one"), Fixtures.endpoint("two")], seed: seed) {
                ($0.errorRate, $0.hangRate, $0.resetRate) = (0.05, 0.001, 0.01)
            }
            var rehearsal = Rehearsal(setup, Fixtures.backlog(600))
            return rehearsal.run()
        }
        #expect(reports[0] == reports[1])
        #expect(reports[0] != reports[2])
        #expect(reports[0].isDone)
    }
}
