import Curl
import JobFlow
import Logging
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import LLMEndpoints

/// The loop with a board that does what the test says. In real time, because the loop sleeps.
@Suite(.timeLimit(.minutes(5))) struct PoolExchangeTests {
    private let board = ScriptedBoard()
    private let pool: EndpointPool

    init() throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        pool = EndpointPool(
            configuration: PoolConfiguration(endpoints: [endpoint("a"), endpoint("b")]), curl: try CurlClient(),
            now: { Timestamp(milliseconds: Samples.start.milliseconds + ContinuousClock.now.sinceStart) },
            logger: quiet)
    }

    /// Runs the exchange while `body` runs.
    private func exchanging(
        reload: @escaping @Sendable (String) async -> Credential? = { _ in nil }, _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await exchange(reload).run() }
            try await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func exchange(_ reload: @escaping @Sendable (String) async -> Credential? = { _ in nil }) -> PoolExchange {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return PoolExchange(pool: pool, board: board, process: "p1", reload: reload, logger: quiet)
    }

    private func see(_ signal: EndpointSignal) {
        pool.guarded.withLock { guarded in
            let now = pool.now()
            guarded.state.gates[0].inflight += 1
            guarded.state.gates[0].ended(EndedCall(signal: signal, start: now), at: now)
        }
        pool.bell.raise()
    }

    @Test func `a pool that is idle asks once a second, and tells what is new when the bell rings`() async throws {
        let start = ContinuousClock.now
        try await exchanging {
            await board.reached(3)
            #expect(Double(board.reports.count) <= 3 + (ContinuousClock.now - start).inSeconds)
            see(.throttled(for: .seconds(10)))
            await board.reached { $0.contains { $0.endpoints[0].throttle != nil } }
        }
    }

    @Test func `however often the bell rings, there is a pause between two reports`() async throws {
        let start = ContinuousClock.now
        try await exchanging {
            await board.reached(20) { pool.bell.raise() }
            let most = (ContinuousClock.now - start) / PoolExchange.shortestPeriod
            #expect(Double(board.reports.count) <= most + 2)
        }
    }

    @Test func `a board that is away is asked less and less, whatever the bell says, and told all when it is back`()
        async throws
    {
        board.set { _ throws(StoreError) in throw StoreError(.unavailable, "away") }
        see(.throttled(for: .seconds(60)))
        let start = ContinuousClock.now
        try await exchanging {
            await board.reached(4) { pool.bell.raise() }
            // 100, 200 and 400 ms lie between the first four.
            #expect(ContinuousClock.now - start >= .milliseconds(700))
            #expect(board.reports.allSatisfy { $0.endpoints[0].throttle != nil })
            board.set(ScriptedBoard.allWell)
            let lost = board.reports.count
            await board.reached(lost + 2)
            let told = board.reports.dropFirst(lost).map { $0.endpoints[0].throttle != nil }
            #expect(told.prefix(2) == [true, false])
        }
    }

    @Test func `a secret is read once though its reading is allowed again and again, and the loop goes on meanwhile`()
        async throws
    {
        let readings = Mutex(0)
        let done = Latch()
        board.set { report throws(StoreError) in
            var standing = ScriptedBoard.well(report)
            standing.endpoints[0].mayReload = true
            return standing
        }
        see(.unauthorized)
        try await exchanging {
            $0 == "a" ? readings.withLock { $0 += 1 } : ()
            await done.wait()
            return .apiKey("new")
        } _: {
            await board.reached(5) { pool.bell.raise() }
            #expect(readings.withLock { $0 } == 1)
            done.open()
            await board.reached { $0.contains { $0.endpoints[0].credentials == .renewed } }
            let count = board.reports.count
            await board.reached(count + 5) { pool.bell.raise() }
            #expect(readings.withLock { $0 } == 1 && pool.target(0).endpoint.credential == .apiKey("new"))
            #expect(pool.target(1).endpoint.credential == .none)
        }
    }

    @Test func `whoever waits for room is told of a gate that another process opened`() async throws {
        let ill = EndpointStanding(endpoint: "a", health: HealthGate(closedFor: .seconds(30)))
        board.set { report throws(StoreError) in
            var standing = ScriptedBoard.well(report)
            standing.endpoints[0] = ill
            return standing
        }
        try await exchanging {
            await board.announce(ill)
            #expect(pool.guarded.withLock { $0.state.gates[0].room(at: pool.now()) } == 0)
            let told = Task { [pool] in
                await pool.waitForRoom()
                return ContinuousClock.now
            }
            await board.reached(board.reports.count + 3) { pool.bell.raise() }
            let opened = ContinuousClock.now
            board.set(ScriptedBoard.allWell)
            await board.announce(EndpointStanding(endpoint: "a"))
            #expect(await told.value >= opened)
        }
    }

    @Test func `usage that the board did not answer for is told again, and the last of it when the process ends`()
        async throws
    {
        func use(_ calls: Int) {
            pool.guarded.withLock { guarded in
                for _ in 0..<calls {
                    guarded.uses.add(
                        TokenUsage(promptTokens: 3, completionTokens: 4), .init(endpoint: 1, model: "m", queue: "q"),
                        estimated: 5)
                }
            }
            pool.bell.raise()
        }
        board.set { _ throws(StoreError) in throw StoreError(.unavailable, "away") }
        use(1)
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await exchange().run() }
                await board.reached { $0.filter { !$0.usage.isEmpty }.count >= 2 }
                use(2)
                board.set(ScriptedBoard.allWell)
                await board.reached { $0.contains { $0.usage.first?.calls == 2 } }
                board.set { _ throws(StoreError) in throw StoreError(.unavailable, "away") }
                await board.reached(board.reports.count + 1) { pool.bell.raise() }
                use(4)
                board.set(ScriptedBoard.allWell)
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        var counted: [Int: Int] = [:]
        for report in board.reports where !report.usage.isEmpty {
            counted[report.usageNumber] = report.usage[0].calls
        }
        #expect(counted == [1: 1, 2: 2, 3: 4] && !pool.hasUntoldUse)
    }

    @Test func `a gate that another process announces closes at once`() async throws {
        try await exchanging {
            await board.announce(EndpointStanding(endpoint: "a", throttledFor: .seconds(9)))
            #expect(pool.guarded.withLock { $0.state.gates[0].room(at: pool.now()) } == 0)
            #expect(pool.guarded.withLock { $0.state.gates[1].room(at: pool.now()) } > 0)
            // It is known to the fleet, and no news.
            let count = board.reports.count
            pool.bell.raise()
            await board.reached(count + 1)
            #expect(board.reports[count].endpoints[0].throttle == nil)
        }
    }
}

extension ContinuousClock.Instant {
    private static let start = ContinuousClock.now

    fileprivate var sinceStart: Int64 { (self - Self.start).wholeMilliseconds }
}
