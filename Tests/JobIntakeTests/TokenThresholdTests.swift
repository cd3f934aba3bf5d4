import JobFlow
import Logging
import MetricsTestKit
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct TokenThresholdTests {
    private static let uses = [
        TokenUse(endpoint: "east", model: "gpt-4o", queue: "batch", prompt: 10, completion: 1),
        TokenUse(endpoint: "east", model: "", queue: "default", prompt: 200, completion: 20),
        TokenUse(endpoint: "west", model: "a_b", queue: "default", prompt: 4_000, completion: 0),
    ]

    @Test(
        arguments: [
            (nil, nil, nil, 4_231), ("east", nil, nil, 231), (nil, "gpt-4o", nil, 11), (nil, nil, "default", 4_220),
            ("east", nil, "default", 220), ("west", "gpt-4o", nil, 0), (nil, "a|b", nil, 4_000),
        ] as [(String?, String?, String?, Int)])
    func `what it names has to be as it says, all else counts`(
        endpoint: String?, model: String?, queue: String?, used: Int
    ) {
        let threshold = TokenThreshold(name: "t", endpoint: endpoint, model: model, queue: queue, tokens: 1_000)
        #expect(threshold.used(of: Self.uses) == used)
        #expect(threshold.ratio(used) == Double(used) / 1_000)
    }

    @Test func `it is said once that it is passed, and once that it is so no more`() {
        let threshold = TokenThreshold(name: "t", tokens: 100)
        #expect(threshold.edge(99, wasPassed: false) == nil && threshold.edge(100, wasPassed: false) == .passed)
        #expect(threshold.edge(250, wasPassed: true) == nil && threshold.edge(0, wasPassed: true) == .fellBelow)
    }

    private func use(_ board: InMemoryPoolBoard, _ tokens: Int, number: Int) async throws {
        let use = TokenUse(endpoint: "east", model: "m", queue: "q", calls: 1, prompt: tokens)
        _ = try await board.exchange(PoolReport(process: "w", endpoints: [], usage: [use], usageNumber: number))
    }

    @Test func `a gauge shows how much is used, a line that it is too much`() async throws {
        let (clock, metrics, log) = (ManualWallClock(noon), TestMetrics(), LogLines())
        let board = InMemoryPoolBoard(now: { clock.now })
        let thresholds = [
            TokenThreshold(name: "hour", tokens: 100, hours: 1), TokenThreshold(name: "two", tokens: 1_000, hours: 2),
            TokenThreshold(name: "other", endpoint: "west", tokens: 1),
        ]
        let watch = TokenWatch(thresholds, board: board, factory: metrics, logger: log.logger)
        var passed: Set<String> = []
        func ratios() -> [Double?] {
            thresholds.map {
                try? metrics.expectGauge("sluice_token_threshold_ratio", [("threshold", $0.name)]).lastValue
            }
        }
        await watch.check(&passed)
        #expect(ratios() == [0, 0, 0] && log.all.isEmpty)
        try await use(board, 150, number: 1)
        for _ in 0..<3 { await watch.check(&passed) }
        #expect(ratios() == [1.5, 0.15, 0] && log.all == ["warning: a token threshold is passed"])
        clock.advance(by: .seconds(3_600))
        for _ in 0..<3 { await watch.check(&passed) }
        #expect(ratios() == [0, 0.15, 0] && passed.isEmpty)
        #expect(log.all.dropFirst() == ["notice: a token threshold is not passed any more"])
    }

    @Test func `while nothing can be read nothing changes, and nothing is said`() async {
        let log = LogLines()
        let watch = TokenWatch(
            [TokenThreshold(name: "t", tokens: 1)], board: AbsentBoard(), factory: TestMetrics(), logger: log.logger)
        var passed: Set<String> = ["t"]
        await watch.check(&passed)
        #expect(passed == ["t"] && log.all.isEmpty)
    }
}
