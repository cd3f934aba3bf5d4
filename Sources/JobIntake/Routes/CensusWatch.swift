package import JobFlow
package import Metrics
import ServiceLifecycle

/// Keeps the gauges of what is in the queues, and of the ends that are to be told. Every intake shows the same: what the
/// fleet has.
package struct CensusWatch: Service {
    private static let period = Duration.seconds(2)

    private let store: any JobStore
    private let outbox: any WebhookOutbox
    private let factory: any MetricsFactory

    package init(
        store: any JobStore, outbox: any WebhookOutbox, factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.store = store
        self.outbox = outbox
        self.factory = factory
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await look()
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    /// What cannot be read stays as it was.
    func look() async {
        if let queues = try? await store.census() { queues.forEach(record) }
        if let webhooks = try? await outbox.counts() {
            set("sluice_webhooks", [("status", WebhookStatus.State.pending.rawValue)], webhooks.pending)
            set("sluice_webhooks", [("status", WebhookStatus.State.dead.rawValue)], webhooks.dead)
        }
    }

    private func record(_ census: QueueCensus) {
        let queue = [("queue", census.queue)]
        for state in [JobState.queued, .scheduled, .inProgress, .failed] {
            set("sluice_jobs", queue + [("status", state.rawValue)], census.counts[state] ?? 0)
        }
        set("sluice_queue_oldest_age_seconds", queue, census.oldestAge.inSeconds)
        set("sluice_queue_paused", queue, census.isPaused ? 1 : 0)
    }

    private func set(_ name: String, _ labels: [(String, String)], _ value: some BinaryInteger) {
        set(name, labels, Double(value))
    }

    private func set(_ name: String, _ labels: [(String, String)], _ value: Double) {
        Gauge(label: name, dimensions: labels, factory: factory).record(value)
    }
}
