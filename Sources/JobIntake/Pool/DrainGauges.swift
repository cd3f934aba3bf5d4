import JobFlow
import Metrics
import Synchronization

/// Shows which endpoints somebody has taken out of the pool by hand, and since when.
final class DrainGauges: Sendable {
    private struct Pair: Sendable {
        let isDrained: Gauge
        let since: Gauge

        init(_ endpoint: String, _ factory: any MetricsFactory) {
            let labels = [("endpoint", endpoint)]
            isDrained = Gauge(label: "sluice_endpoint_drained", dimensions: labels, factory: factory)
            since = Gauge(label: "sluice_endpoint_drained_timestamp_seconds", dimensions: labels, factory: factory)
        }
    }

    private let factory: any MetricsFactory
    private let pairs = Mutex<[String: Pair]>([:])

    init(factory: any MetricsFactory) { self.factory = factory }

    /// - Parameter standings: of every endpoint of worker.json; one that is there no more is shown no more.
    func record(_ standings: [EndpointStanding]) {
        pairs.withLock { pairs in
            for standing in standings {
                let pair = pairs[standing.endpoint] ?? Pair(standing.endpoint, factory)
                pairs[standing.endpoint] = pair
                pair.isDrained.record(standing.drainedAt == nil ? 0 : 1)
                pair.since.record(standing.drainedAt.map { Double($0.milliseconds) / 1000 } ?? 0)
            }
            for name in Set(pairs.keys).subtracting(standings.map(\.endpoint)) {
                pairs[name]?.isDrained.destroy()
                pairs[name]?.since.destroy()
                pairs[name] = nil
            }
        }
    }
}
