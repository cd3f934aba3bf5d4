import JobFlow
import LLMEndpoints
import PoolRehearsal
import Testing

/// What goes to an endpoint that costs extra.
@Suite struct SpillRehearsalTests {
    private let endpoints = [Fixtures.endpoint("ptu"), Fixtures.endpoint("paid", tier: .standard, priority: 1)]

    @Test func `deadlines that are far spill nothing for an hour`() {
        var rehearsal = Rehearsal(
            Fixtures.setup(endpoints, processes: 2), Fixtures.backlog(7_000, deadline: .seconds(12 * 3600)))
        let report = rehearsal.run()
        #expect(report.spilled.answered == 0)
        #expect(report.completed == 7_000 && report.deadlinesMissed == 0)
        #expect(report.time > .seconds(2900))
    }

    @Test func `deadlines that are near are all met, and no more is spilled than the prepaid endpoint cannot bear`() {
        var rehearsal = Rehearsal(Fixtures.setup(endpoints), Fixtures.backlog(2_400, deadline: .seconds(600)))
        let report = rehearsal.run()
        let borne = Fixtures.callsPerSecond * 600
        #expect(report.completed == 2_400 && report.deadlinesMissed == 0)
        #expect(Double(report.spilled.answered) <= (2_400 - borne) * 1.15)
    }

    @Test func `where nothing may be spilled, near deadlines are missed`() {
        var rehearsal = Rehearsal(
            Fixtures.setup(endpoints, spill: .never), Fixtures.backlog(300, deadline: .seconds(60)))
        let report = rehearsal.run()
        #expect(report.spilled.answered == 0)
        #expect(report.expired > 100 && report.deadlinesMissed == 300 - report.completed)
    }

    @Test func `a long prompt goes straight to the endpoint that takes it`() {
        let endpoints = [
            Fixtures.endpoint("ptu", maxPromptTokens: 8_000),
            Fixtures.endpoint("paid", tier: .standard, priority: 1),
        ]
        let long = RehearsedJob(model: "gpt-4o", promptTokens: 20_000, outputLimit: 150, outputTokens: 100)
        var rehearsal = Rehearsal(
            Fixtures.setup(endpoints, spill: .never), Fixtures.backlog(200) + Array(repeating: long, count: 20))
        let report = rehearsal.run()
        #expect(report.endpoints[1].calls == 20)
        #expect(report.endpoints[0].failed == 0)
        #expect(report.completed == 220)
    }
}
