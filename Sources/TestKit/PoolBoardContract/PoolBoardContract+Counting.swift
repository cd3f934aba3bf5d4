import JobFlow

extension PoolBoardContract {
    private static func allowance(
        _ test: BoardUnderTest, _ process: String = "a", firstCalls: Int = 0, retries: Int = 0, ratio: Double = 0.2,
        reserve: Double = 0.001
    ) async throws -> Double {
        let report = RetryReport(firstCalls: firstCalls, retries: retries, ratio: ratio, reserve: reserve)
        return try await test.board.exchange(PoolReport(process: process, endpoints: [], retries: report))
            .retryAllowance
    }

    static let counting = [
        Case("the fleet begins with the retries of a second") { test in
            try promise(try await allowance(test, reserve: 10), is: 10)
        },
        Case("first calls earn retries, and retries cost them") { test in
            try promise(try await allowance(test, firstCalls: 100).rounded(), is: 20)
            try promise(try await allowance(test, retries: 5).rounded(), is: 15)
            try promise(try await allowance(test, retries: 25).rounded(), is: -10)
        },
        Case("retries are not saved without end") { test in
            try promise(try await allowance(test, firstCalls: 1_000_000).rounded(), is: 200)
            try promise(try await allowance(test, firstCalls: 1_000_000, ratio: 0, reserve: 3), is: 30)
        },
        Case("a reserve flows in with time") { test in
            try promise(try await allowance(test, retries: 1010, reserve: 1000), is: -10)
            try await test.advance(.milliseconds(100))
            try promise(try await allowance(test, reserve: 1000) >= 90, "no reserve came")
        },
        Case("the retries are shared among those that reported of late") { test in
            try promise(try await allowance(test, "a", firstCalls: 100).rounded(), is: 20)
            try promise(try await allowance(test, "b").rounded(), is: 10)
            try await test.advance(.milliseconds(2100))
            try promise(try await allowance(test, "b").rounded(), is: 20)
        },
        Case("calls under way are summed up over processes, each as it said last") { test in
            try await test.report("a") { $0.inflight = 3 }
            try promise(try await test.report("b") { $0.inflight = 4 }.inflight, is: 7)
            try await test.report("a", on: "west") { $0.inflight = 50 }
            try promise(try await test.report("a") { $0.inflight = 1 }.inflight, is: 5)
            try await test.report("b") { $0.inflight = 0 }
            try promise(try await test.look().inflight, is: 1)
        },
        Case("the calls of a process that went silent are forgotten") { test in
            try await test.report("a") { $0.inflight = 3 }
            try await test.report("b") { $0.inflight = 4 }
            try await test.advance(.milliseconds(3000))
            try await test.report("b") { $0.inflight = 5 }
            try promise(try await test.look().inflight, is: 8)
            try await test.advance(.milliseconds(2100))
            try promise(try await test.look().inflight, is: 5)
            try promise(try await test.report("a") { $0.inflight = 2 }.inflight, is: 7)
        },
    ]
}
