import JobFlow
import Metrics
import MetricsTestKit
import TestKit
import Testing

@testable import JobIntake

/// What the metrics of an intake say of the fleet.
@Suite(.timeLimit(.minutes(5))) struct WatchGaugesTests {
    private let metrics = TestMetrics()

    private func value(_ name: String, _ labels: [(String, String)] = []) -> Double? {
        try? metrics.expectGauge(name, labels).lastValue
    }

    @Test func `queues are counted, and whether they are paused`() async throws {
        let store = makeStore()
        let watch = CensusWatch(store: store, outbox: store, factory: metrics)
        for number in 1...2 { _ = try await store.submit(Samples.spec(number, queue: "batch")) }
        try await store.pause("batch", true)
        await watch.look()
        #expect(value("sluice_jobs", [("queue", "batch"), ("status", "queued")]) == 2)
        #expect(value("sluice_queue_paused", [("queue", "batch")]) == 1)
        #expect(value("sluice_queue_paused", [("queue", "default")]) == 0)
        try await store.pause("batch", false)
        await watch.look()
        #expect(value("sluice_queue_paused", [("queue", "batch")]) == 0)
    }

    @Test func `webhooks are counted while they are on their way, and once they are dead`() async throws {
        let store = makeStore()
        let watch = CensusWatch(store: store, outbox: store, factory: metrics)
        func counts() async -> [Double?] {
            await watch.look()
            return ["pending", "dead"].map { value("sluice_webhooks", [("status", $0)]) }
        }
        #expect(await counts() == [0, 0])
        for number in 1...2 {
            var spec = Samples.spec(number)
            spec.webhook = WebhookURL("https://one.example/hook")
            _ = try await store.submit(spec)
            _ = try await store.cancel(spec.id)
        }
        #expect(await counts() == [2, 0])
        let take = WebhookTake(partition: 0, limit: 1, hostLimit: 9, lease: .seconds(60))
        let claim = try #require(try await store.take(take).claims.first)
        _ = try await store.report(WebhookReport(claim, .dead, nil))
        #expect(await counts() == [1, 1])
    }

    @Test func `a drained endpoint is shown with its time, until it is put back or removed`() async throws {
        let clock = ManualWallClock(noon)
        let board = InMemoryPoolBoard(now: { clock.now })
        let endpoints = ["east", "west"].map { IntakeEndpoint(name: $0) }
        let pool = PoolWatch(board: board, endpoints: endpoints, factory: metrics)
        func shown(_ endpoint: String) -> [Double?] {
            ["sluice_endpoint_drained", "sluice_endpoint_drained_timestamp_seconds"]
                .map { value($0, [("endpoint", endpoint)]) }
        }
        try await board.drain("east", true)
        clock.advance(by: .seconds(60))
        await pool.look()
        #expect(shown("east") == [1, 1_795_348_800] && shown("west") == [0, 0])
        try await board.drain("east", false)
        try await board.drain("west", true)
        await pool.look()
        #expect(shown("east") == [0, 0] && shown("west") == [1, 1_795_348_860])
        pool.endpoints = [endpoints[0]]
        await pool.look()
        #expect(shown("east") == [0, 0] && shown("west") == [nil, nil])
    }
}
