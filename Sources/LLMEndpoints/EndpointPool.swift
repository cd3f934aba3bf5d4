package import Cancellation
package import Curl
package import JobFlow
package import Logging
import Metrics
import Synchronization

/// The endpoint pool of one process: chooses, calls, judges. The decisions are in `PoolState`; here are the lock, the call
/// and the clock.
package final class EndpointPool: PromptCompleter {
    private struct Guarded: Sendable {
        var pool: PoolState
        var random = SystemRandomNumberGenerator()
    }

    private let guarded: Mutex<Guarded>
    private let endpoints: [EndpointConfiguration]
    private let inflight: [Gauge]
    private let curl: CurlClient
    private let connectTimeout: Duration
    private let now: WallClock
    private let logger: Logger

    package init(configuration: PoolConfiguration, curl: CurlClient, now: @escaping WallClock, logger: Logger) {
        guarded = Mutex(Guarded(pool: PoolState(configuration)))
        endpoints = configuration.endpoints
        inflight = endpoints.map { Gauge(label: "sluice_endpoint_inflight", dimensions: [("endpoint", $0.name)]) }
        self.curl = curl
        connectTimeout = configuration.connectTimeout
        self.now = now
        self.logger = logger
    }

    package func capacity() -> PoolCapacity {
        let now = now()
        return guarded.withLock { $0.pool.capacity(at: now) }
    }

    package func complete(
        _ prompt: Prompt, avoiding tried: Set<String>, cancellation: CallCancellation
    ) async -> CompletionOutcome {
        let start = now()
        let choice = guarded.withLock { state in
            state.pool.choose(
                model: prompt.model, avoiding: tried, by: prompt.deadline, at: start, random: &state.random)
        }
        switch choice {
        case .endpoint(let index): return .called(await call(prompt, index, from: start, cancellation))
        case .unavailable(let wait): return .unavailable(retryAfter: wait)
        case .unserved: return .unserved
        case .tooLate: return .tooLate
        case .exhausted: return .exhausted
        }
    }

    private func call(
        _ prompt: Prompt, _ index: Int, from start: Timestamp, _ cancellation: CallCancellation
    ) async -> CallReport {
        let endpoint = endpoints[index]
        let timeout =
            prompt.deadline.map { max(.milliseconds(1), min(endpoint.timeout, $0 - start)) } ?? endpoint.timeout
        let request = UpstreamRequest.request(prompt, to: endpoint, timeout: timeout, connectTimeout: connectTimeout)
        var response: CurlResponse?
        let classified: Classified
        do {
            let received = try await curl.send(request, cancellation: cancellation)
            response = received
            classified = ClassifyAnswer.classify(received, endpoint: endpoint, now: now())
        } catch {
            var fault = ClassifyFault.classify(error)
            // The job ran out of time, not the endpoint.
            if error.kind == .timedOut, timeout < endpoint.timeout { fault.signal = .silent }
            classified = fault
        }
        let end = now()
        let states = guarded.withLock { state in
            let before = state.pool.gates[index].breaker.state
            state.pool.ended(index, classified.signal, at: end)
            if case .answered = classified.outcome { state.pool.answered(index, after: end - start, at: end) }
            return (before, state.pool.gates[index])
        }
        report(index, from: states.0, to: states.1)
        return CallReport(
            endpoint: endpoint.name, region: endpoint.region, tier: endpoint.tier, startedAt: start, endedAt: end,
            statusCode: response?.status, upstreamRequestID: response.flatMap(Self.requestID), usage: classified.usage,
            billed: classified.billed, outcome: classified.outcome)
    }

    private static func requestID(_ response: CurlResponse) -> String? {
        (response.headers["apim-request-id"] ?? response.headers["x-request-id"]).map { String($0.prefix(128)) }
    }

    private func report(_ index: Int, from before: CircuitBreaker.State, to gate: EndpointGate) {
        inflight[index].record(gate.inflight)
        guard gate.breaker.state.gaugeValue != before.gaugeValue else { return }
        let name = endpoints[index].name
        Gauge(label: "sluice_breaker_state", dimensions: [("endpoint", name)]).record(gate.breaker.state.gaugeValue)
        logger.warning("breaker changed", metadata: ["endpoint": "\(name)", "state": "\(gate.breaker.state.word)"])
    }
}

extension CircuitBreaker.State {
    /// 0 closed, 1 half-open, 2 open: the metric's values.
    var gaugeValue: Int {
        switch self {
        case .closed: 0
        case .probing: 1
        case .open: 2
        }
    }

    var word: String {
        switch self {
        case .closed: "closed"
        case .probing: "half-open"
        case .open: "open"
        }
    }
}
