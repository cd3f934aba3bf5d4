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
    private let curl: CurlClient
    private let connectTimeout: Duration
    private let now: WallClock
    private let logger: Logger

    package init(configuration: PoolConfiguration, curl: CurlClient, now: @escaping WallClock, logger: Logger) {
        guarded = Mutex(Guarded(pool: PoolState(configuration)))
        self.curl = curl
        connectTimeout = configuration.connectTimeout
        self.now = now
        self.logger = logger
    }

    package func capacity() -> PoolCapacity {
        let now = now()
        return guarded.withLock { $0.pool.capacity(at: now) }
    }

    package func complete(_ prompt: Prompt, avoiding tried: Set<String>) async -> CompletionOutcome {
        let start = now()
        let choice = guarded.withLock { state in
            let choice = state.pool.choose(
                model: prompt.model, avoiding: tried, by: prompt.deadline, at: start, random: &state.random)
            return (choice, choice.index.map { state.pool.endpoints[$0] })
        }
        switch choice {
        case (.endpoint(let index), let endpoint?): return .called(await call(prompt, index, endpoint, from: start))
        case (.unavailable(let wait), _): return .unavailable(retryAfter: wait)
        case (.unserved, _): return .unserved
        case (.tooLate, _): return .tooLate
        case (.exhausted, _), (.endpoint, nil): return .exhausted
        }
    }

    private func call(
        _ prompt: Prompt, _ index: Int, _ endpoint: EndpointConfiguration, from start: Timestamp
    ) async -> CallReport {
        let timeout =
            prompt.deadline.map { max(.milliseconds(1), min(endpoint.timeout, $0 - start)) } ?? endpoint.timeout
        let request = UpstreamRequest.request(prompt, to: endpoint, timeout: timeout, connectTimeout: connectTimeout)
        var response: CurlResponse?
        let classified: Classified
        do {
            let received = try await curl.send(request)
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
        report(endpoint, from: states.0, to: states.1)
        return CallReport(
            endpoint: endpoint.name, region: endpoint.region, tier: endpoint.tier, startedAt: start, endedAt: end,
            statusCode: response?.status, upstreamRequestID: response.flatMap(Self.requestID), usage: classified.usage,
            billed: classified.billed, outcome: classified.outcome)
    }

    private static func requestID(_ response: CurlResponse) -> String? {
        (response.headers["apim-request-id"] ?? response.headers["x-request-id"]).map { String($0.prefix(128)) }
    }

    private func report(_ endpoint: EndpointConfiguration, from before: CircuitBreaker.State, to gate: EndpointGate) {
        Gauge(label: "sluice_endpoint_inflight", dimensions: [("endpoint", endpoint.name)]).record(gate.inflight)
        guard gate.breaker.state.gaugeValue != before.gaugeValue else { return }
        Gauge(label: "sluice_breaker_state", dimensions: [("endpoint", endpoint.name)]).record(
            gate.breaker.state.gaugeValue)
        logger.warning(
            "breaker changed", metadata: ["endpoint": "\(endpoint.name)", "state": "\(gate.breaker.state.word)"])
    }
}

extension PoolState.Choice {
    fileprivate var index: Int? {
        if case .endpoint(let index) = self { index } else { nil }
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
