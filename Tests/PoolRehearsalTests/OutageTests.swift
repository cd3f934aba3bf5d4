import JobFlow
import PoolRehearsal
import PoolSimulator
import Testing

/// Regions that are gone, slow or lying for a while.
@Suite struct OutageTests {
    private let names = ["one", "two", "three"]
    /// Calls that were under way when something began, at the rates used here.
    private let underWay = 8
    /// In an hour: after 30 s, 1 min, 2 min, 4 min, and then each 5 min.
    private let probesInAnHour = 15

    private func setup(_ timeline: [Timeline.Change]) -> RehearsalSetup {
        Fixtures.setup(names.map { Fixtures.endpoint($0) }, timeline: timeline)
    }

    @Test func `a region that is dark for an hour costs no job and few calls, and is used again within two seconds`() {
        // As much as all three bear.
        let rate = Fixtures.callsPerSecond * 3
        let dark = Fixtures.blackout(["one"], from: .seconds(60), for: .seconds(3600))
        var rehearsal = Rehearsal(setup(dark), Fixtures.stream(perSecond: rate, for: .seconds(3720)))
        let back = rehearsal.run(until: .seconds(3662))
        let end = rehearsal.run(until: .seconds(3692))
        #expect(end.failures == 0 && end.expired == 0)
        #expect(end.callsWhileDark <= underWay + probesInAnHour)
        #expect(Double(end.completed - back.completed) / 30 >= rate * 0.95)
    }

    @Test(arguments: [4.0, 6])
    func `while all is dark, calls are in proportion to probes and not to the backlog, and then all completes`(
        rate: Double
    ) {
        let dark = Fixtures.blackout(names, from: .seconds(60), for: .seconds(3600))
        let jobs = Fixtures.stream(perSecond: rate, for: .seconds(1200))
        var rehearsal = Rehearsal(setup(dark), jobs)
        let report = rehearsal.run()
        #expect(report.completed == jobs.count)
        #expect(report.callsWhileDark <= 3 * (underWay + probesInAnHour))
    }

    @Test func `an endpoint that is ten times slower for ten minutes is hardly felt at half load`() {
        let slow = Fixtures.episode(
            ["one"], ["slow_factor": .number(10)], after: ["slow_factor": .number(1)], from: .seconds(60),
            for: .seconds(600))
        let jobs = Fixtures.stream(perSecond: Fixtures.callsPerSecond * 1.5, for: .seconds(660))
        let times = [[], slow].map { timeline in
            var rehearsal = Rehearsal(setup(timeline), jobs)
            return rehearsal.run().p95
        }
        #expect(times[1] <= times[0] * 1.5)
    }

    @Test func `a Retry-After of 24 hours is not believed`() {
        let day: [String: AdminValue] = ["throttle_rate": .number(1), "retry_after_ms": .number(86_400_000)]
        let full = Fixtures.episode(
            ["one"], day, after: ["throttle_rate": .number(0)], from: .seconds(30), for: .seconds(10))
        let jobs = Fixtures.stream(perSecond: 1.5, for: .seconds(60))
        var rehearsal = Rehearsal(Fixtures.setup([Fixtures.endpoint("one")], timeline: full), jobs)
        let report = rehearsal.run()
        #expect(report.completed == jobs.count)
        // Two minutes are believed, and then there is a backlog.
        #expect(report.time < .seconds(30 + 120 + 60))
        #expect(report.throttled <= underWay)
    }

    @Test func `errors that go round the pool for an hour lose no job, and are repeated within the budget`() {
        let episodes = (0..<12).flatMap { turn in
            Fixtures.episode(
                [names[turn % 3]], ["error_rate": .number(0.3)], after: ["error_rate": .number(0)],
                from: .seconds(turn * 300), for: .seconds(300))
        }
        let jobs = Fixtures.stream(perSecond: 3.5, for: .seconds(3600))
        var rehearsal = Rehearsal(setup(episodes), jobs)
        let report = rehearsal.run()
        #expect(report.completed == jobs.count)
        #expect(Double(report.retries) <= Double(jobs.count) * 0.2 + report.time.inSeconds * 10)
        #expect(Double(report.retries) <= Double(jobs.count) * 0.12)
    }
}
