import JobFlow
import Logging
import Metrics

/// What the pool says: log lines when a gate closes or opens, and gauges.
struct PoolEvents: Sendable {
    private struct Gauges: Sendable {
        let inflight, breaker, throttle, health, credentials: Gauge
        /// Nil where the capacity is not known.
        let utilization: Gauge?

        init(_ endpoint: EndpointConfiguration) {
            func gauge(_ label: String, _ gate: String? = nil) -> Gauge {
                Gauge(label: label, dimensions: [("endpoint", endpoint.name)] + (gate.map { [("gate", $0)] } ?? []))
            }
            inflight = gauge("sluice_endpoint_inflight")
            breaker = gauge("sluice_breaker_state")
            throttle = gauge("sluice_endpoint_gate_seconds", "throttle")
            health = gauge("sluice_endpoint_gate_seconds", "health")
            credentials = gauge("sluice_endpoint_gate_seconds", "credentials")
            utilization = endpoint.capacity.map { _ in gauge("sluice_endpoint_utilization_ratio") }
        }
    }

    private let names: [String]
    private let gauges: [Gauges]
    private let logger: Logger

    init(_ endpoints: [EndpointConfiguration], logger: Logger) {
        names = endpoints.map(\.name)
        gauges = endpoints.map(Gauges.init)
        self.logger = logger
    }

    func changed(_ index: Int, from before: EndpointGate, to gate: EndpointGate) {
        if gate.breakerState != before.breakerState { breakerChanged(index, gate.breakerState) }
        if let out = gate.out, !out.isReloading, before.out != out {
            logger.error(
                "an endpoint refuses us: its key or its deployment is wrong",
                metadata: ["endpoint": "\(names[index])", "reason": "\(out.reason)"])
        } else if before.out?.isReloading == false, gate.out == nil {
            logger.notice("an endpoint lets us in again", metadata: ["endpoint": "\(names[index])"])
        }
    }

    /// How each endpoint stands, and the seconds until its gates open, 0 for one that is open. Called now and then, and not
    /// with each change: most of it moves by itself, and changes that two threads report may come in the wrong order.
    func gates(_ gates: [EndpointGate], at now: Timestamp) {
        func seconds(_ end: Timestamp?) -> Double { max(0, ((end ?? now) - now).inSeconds) }
        for (gauges, gate) in zip(gauges, gates) {
            gauges.inflight.record(gate.inflight)
            gauges.breaker.record(gate.breakerState.rawValue)
            if let meter = gate.meter { gauges.utilization?.record(meter.utilization(at: now)) }
            gauges.throttle.record(seconds(gate.throttledUntil))
            gauges.health.record(seconds(gate.breaker.opening?.until))
            gauges.credentials.record(seconds(gate.out?.until))
        }
    }

    func secretWasRead(_ endpoint: String, isNew: Bool) {
        logger.notice(
            "a secret was read again after a 401", metadata: ["endpoint": "\(endpoint)", "changed": "\(isNew)"])
    }

    func credentialWasRenewed(_ endpoint: String) {
        logger.notice("an endpoint's credential was renewed", metadata: ["endpoint": "\(endpoint)"])
    }

    private func breakerChanged(_ index: Int, _ state: BreakerState) {
        gauges[index].breaker.record(state.rawValue)
        logger.warning("breaker changed", metadata: ["endpoint": "\(names[index])", "state": "\(state.word)"])
    }
}

/// The values of the metric.
enum BreakerState: Int, Sendable {
    case closed = 0
    case halfOpen = 1
    case open = 2

    var word: String {
        switch self {
        case .closed: "closed"
        case .halfOpen: "half-open"
        case .open: "open"
        }
    }
}

extension EndpointGate {
    var breakerState: BreakerState {
        breaker.opening == nil ? .closed : probe == .underWay ? .halfOpen : .open
    }
}
