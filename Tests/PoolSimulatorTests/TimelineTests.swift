import PoolSimulator
import Testing

@Suite struct TimelineTests {
    private let second: Int64 = 1_000_000

    private func read(_ timeline: String) throws(SimulatorProblem) -> SimulatorConfiguration {
        let text = """
            {"endpoints":[{"name":"a","region":"r"},{"name":"b","region":"r"}],"timeline":\(timeline)}
            """
        return try SimulatorConfiguration(scenario: Array(text.utf8))
    }

    private func change(_ at: Int64, _ endpoint: String, _ fields: [String: AdminValue]) -> Timeline.Change {
        Timeline.Change(at: at, endpoint: endpoint, fields: fields)
    }

    @Test func `a scenario's timeline is read and sorted by time`() throws {
        let timeline = try read(
            """
            [{"at":"90s","endpoint":"a","set":{"blackout":false}},{"at":0.5,"endpoint":"b","set":{"tier":"flex"}},
             {"at":"30s","endpoint":"a","set":{"blackout":true}}]
            """
        ).timeline
        #expect(
            timeline.changes == [
                change(second / 2, "b", ["tier": .string("flex")]), change(30 * second, "a", ["blackout": .bool(true)]),
                change(90 * second, "a", ["blackout": .bool(false)]),
            ])
    }

    @Test(
        arguments: [
            ("0", 0), ("1.5", 1_500_000), ("\"500ms\"", 500_000), ("\"30s\"", 30_000_000), ("\"5m\"", 300_000_000),
            ("\"24h\"", 86_400_000_000), ("\"2d\"", 172_800_000_000),
        ] as [(String, Int64)])
    func `a time is a number of seconds or a duration`(text: String, microseconds: Int64) throws {
        let timeline = try read("[{\"at\":\(text),\"endpoint\":\"a\",\"set\":{}}]").timeline
        #expect(timeline.changes.map(\.at) == [microseconds])
    }

    @Test(arguments: [
        ("{}", "timeline"), ("[1]", "timeline[0]"), ("[{\"endpoint\":\"a\",\"set\":{}}]", "timeline[0].at"),
        ("[{\"at\":-1,\"endpoint\":\"a\",\"set\":{}}]", "timeline[0].at"),
        ("[{\"at\":1e300,\"endpoint\":\"a\",\"set\":{}}]", "timeline[0].at"),
        ("[{\"at\":\"30\",\"endpoint\":\"a\",\"set\":{}}]", "timeline[0].at"),
        ("[{\"at\":\"99999999999999999999s\",\"endpoint\":\"a\",\"set\":{}}]", "timeline[0].at"),
        ("[{\"at\":\"9223372036854775807h\",\"endpoint\":\"a\",\"set\":{}}]", "timeline[0].at"),
        ("[{\"at\":1,\"endpoint\":\"c\",\"set\":{}}]", "timeline[0].endpoint"),
        ("[{\"at\":1,\"set\":{}}]", "timeline[0].endpoint"), ("[{\"at\":1,\"endpoint\":\"a\"}]", "timeline[0].set"),
        ("[{\"at\":1,\"endpoint\":\"a\",\"set\":{},\"sit\":1}]", "timeline[0].sit"),
        (
            "[{\"at\":9,\"endpoint\":\"a\",\"set\":{}},{\"at\":1,\"endpoint\":\"a\",\"set\":{\"latencyms\":1}}]",
            "timeline[1].set.latencyms"
        ),
        ("[{\"at\":1,\"endpoint\":\"a\",\"set\":{\"slow_factor\":-1}}]", "timeline[0].set.slow_factor"),
        ("[{\"at\":1,\"endpoint\":\"a\",\"set\":{\"tier\":\"gold\"}}]", "timeline[0].set.tier"),
        ("[{\"at\":1,\"endpoint\":\"a\",\"set\":{\"spillover\":\"a\"}}]", "timeline[0].set.spillover"),
    ])
    func `what cannot be played is refused with its path`(timeline: String, path: String) {
        #expect(#expect(throws: SimulatorProblem.self) { try read(timeline) }?.path == path)
    }

    @Test func `between two times exactly the changes after the one and up to the other are due`() {
        let timeline = Timeline([0, 5, 5, 9].map { change($0, "a", [:]) })
        #expect(timeline.changes(after: -1, through: 0).map(\.at) == [0])
        #expect(timeline.changes(after: 0, through: 5).map(\.at) == [5, 5])
        #expect(timeline.changes(after: 5, through: 100).map(\.at) == [9])
        #expect(timeline.changes(after: 9, through: 100).isEmpty)
        #expect(timeline.next(after: -1) == 0)
        #expect(timeline.next(after: 5) == 9)
        #expect(timeline.next(after: 9) == nil)
    }

    @Test func `a pool plays its timeline and says which endpoints went dark`() throws {
        var pool = SimulatedPoolState(
            try read(
                """
                [{"at":1,"endpoint":"b","set":{"blackout":true}},{"at":2,"endpoint":"b","set":{"latency_ms":7}},
                 {"at":3,"endpoint":"b","set":{"blackout":false}}]
                """))
        #expect(pool.nextChange == second)
        #expect(pool.advance(to: second - 1) == [])
        #expect(pool.advance(to: second) == [1])
        #expect(pool.begin(CallFacts(), at: 1, now: second).fate.decision == .reset)
        #expect(pool.advance(to: 3 * second) == [])
        #expect(pool.states[1].behaviour == EndpointBehaviour(latencyMs: 7))
        #expect(pool.nextChange == nil)
    }

    @Test func `after a reset the timeline plays again, from the behaviour it began with`() throws {
        var pool = SimulatedPoolState(try read("[{\"at\":1,\"endpoint\":\"a\",\"set\":{\"blackout\":true}}]"))
        #expect(pool.advance(to: 5 * second) == [0])
        pool.reset(now: 10 * second)
        #expect(pool.states[0].behaviour == EndpointBehaviour())
        #expect(pool.nextChange == 11 * second)
        #expect(pool.advance(to: 11 * second) == [0])
    }

    @Test(arguments: NamedScenario.allCases)
    func `a named scenario ends as it began`(scenario: NamedScenario) throws {
        var configuration = SimulatorConfiguration.demo
        configuration.timeline = scenario.timeline(for: configuration.endpoints)
        var pool = SimulatedPoolState(configuration)
        _ = pool.advance(to: 31 * second)
        #expect(pool.states.map(\.behaviour) != configuration.endpoints.map(\.behaviour))
        _ = pool.advance(to: 200 * second)
        #expect(pool.states.map(\.behaviour) == configuration.endpoints.map(\.behaviour))
        #expect(try read("[]").timeline == .empty)
    }

    @Test func `a regional blackout takes the region and nothing else`() {
        var configuration = SimulatorConfiguration.demo
        configuration.timeline = NamedScenario.regionalBlackout.timeline(for: configuration.endpoints)
        var pool = SimulatedPoolState(configuration)
        #expect(pool.advance(to: 30 * second) == [0, 2])
    }
}
