import JobFlow

extension PoolBoardContract {
    static let throttling = [
        Case("an endpoint that nobody has spoken of is open") { test in
            try promise(try await test.look(), is: EndpointStanding(endpoint: "east"))
            try promise(try await test.report(), is: EndpointStanding(endpoint: "east"))
        },
        Case("a throttle closes the gate for everybody") { test in
            try promise(try await test.report("a") { $0.throttle = .seconds(60) }.throttledFor, runs: .seconds(60))
            try promise(try await test.report("b").throttledFor, runs: .seconds(60))
            try promise(try await test.look().throttledFor, runs: .seconds(60))
            try promise(try await test.report(on: "west").throttledFor, is: .zero)
        },
        Case("a shorter throttle never replaces a longer one") { test in
            try await test.report("a") { $0.throttle = .seconds(100) }
            try promise(try await test.report("b") { $0.throttle = .seconds(10) }.throttledFor, runs: .seconds(100))
            try promise(try await test.report("b") { $0.throttle = .seconds(300) }.throttledFor, runs: .seconds(300))
        },
        Case("a throttled endpoint opens by itself") { test in
            try await test.report { $0.throttle = BoardUnderTest.short }
            try await test.advance(BoardUnderTest.short * 2)
            try promise(try await test.look().throttledFor, is: .zero)
        },
        Case("endpoints are answered in the order of the report") { test in
            let names = ["west", "a b\nc", "", "east", "ünï"]
            var reports = names.map(EndpointReport.init)
            reports[1].throttle = .seconds(60)
            let standings = try await test.board.exchange(PoolReport(process: "a", endpoints: reports)).endpoints
            try promise(standings.map(\.endpoint), is: names)
            try promise(standings.map { $0.throttledFor > .zero }, is: [false, true, false, false, false])
            try promise(try await test.other.standings(of: names).map(\.endpoint), is: names)
        },
        Case("a report without endpoints is one") { test in
            try promise(try await test.board.exchange(PoolReport(process: "a", endpoints: [])).endpoints, is: [])
        },
    ]
}
