import Metrics
import Synchronization

/// Counts the requests of one route. Instruments are made once for each code, not once a request.
final class RouteMetrics: Sendable {
    private let route: String
    private let factory: any MetricsFactory
    private let duration: Timer
    private let requests = Mutex<[Int: Counter]>([:])

    init(route: String, factory: any MetricsFactory) {
        self.route = route
        self.factory = factory
        duration = Timer(label: "sluice_intake_duration_seconds", dimensions: [("route", route)], factory: factory)
    }

    func record(code: Int, took: Duration) {
        count(code)
        duration.record(duration: took)
    }

    /// A request that ended before a route saw it.
    func count(_ code: Int) {
        let counter = requests.withLock { requests in
            if let known = requests[code] { return known }
            let new = Counter(
                label: "sluice_intake_requests_total", dimensions: [("route", route), ("code", String(code))],
                factory: factory)
            requests[code] = new
            return new
        }
        counter.increment()
    }
}
