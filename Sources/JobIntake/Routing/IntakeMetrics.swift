import JobFlow
package import Metrics

/// The intake's instruments. Labels hold route templates and queue names only.
package struct IntakeMetrics: Sendable {
    private let factory: any MetricsFactory
    /// Requests that match no route.
    let unrouted: RouteMetrics

    package init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
        unrouted = RouteMetrics(route: "unknown", factory: factory)
    }

    func route(_ template: String) -> RouteMetrics { RouteMetrics(route: template, factory: factory) }

    func submitted(_ queues: [IntakeQueue]) -> [String: Counter] { counters(of: queues, submitted(queue:)) }

    func cancelled(_ queues: [IntakeQueue]) -> [String: Counter] { counters(of: queues, cancelled(queue:)) }

    /// By the name of the queue.
    private func counters(of queues: [IntakeQueue], _ counter: (String) -> Counter) -> [String: Counter] {
        Dictionary(queues.map { ($0.name, counter($0.name)) }) { first, _ in first }
    }

    private func submitted(queue: String) -> Counter {
        Counter(label: "sluice_jobs_submitted_total", dimensions: [("queue", queue)], factory: factory)
    }

    /// Jobs that were cancelled here. Workers count all other ends.
    private func cancelled(queue: String) -> Counter {
        let labels = [("queue", queue), ("status", JobState.cancelled.rawValue)]
        return Counter(label: "sluice_jobs_finished_total", dimensions: labels, factory: factory)
    }

    func spooled() -> Gauge { Gauge(label: "sluice_spool_jobs", dimensions: [], factory: factory) }
}
