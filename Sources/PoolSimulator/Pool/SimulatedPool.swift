import Synchronization

/// The endpoints that all connections share.
final class SimulatedPool: Sendable {
    let endpoints: [SimulatedEndpoint]
    let seed: UInt64
    let clock = SimulatorClock()
    private let positions: [String: Int]
    private let state: Mutex<PoolState>

    init(_ configuration: SimulatorConfiguration) {
        let seed = configuration.seed
        endpoints = configuration.endpoints
        self.seed = seed
        positions = Dictionary(
            endpoints.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        state = Mutex(PoolState(endpoints.map { EndpointState($0, seed: seed) }))
    }

    func position(of name: String) -> Int? { positions[name] }

    func begin(_ arrival: Arrival) -> OpenCall {
        let now = clock.now
        return OpenCall(arrival, state.withLock { $0.begin(arrival, now: now) }, self)
    }

    func end(_ arrival: Arrival, _ ticket: CallTicket, _ outcome: CallOutcome) {
        state.withLock { $0.end(arrival, ticket, outcome) }
    }

    func behaviour(of endpoint: Int) -> EndpointBehaviour { state.withLock { $0.endpoints[endpoint].behaviour } }

    /// Changes the named fields of an endpoint and returns all of them.
    func change(_ endpoint: Int, _ fields: [String: AdminValue]) throws(SimulatorProblem) -> EndpointBehaviour {
        try state.withLock { state throws(SimulatorProblem) in
            try state.endpoints[endpoint].behaviour.apply(fields, path: "")
            return state.endpoints[endpoint].behaviour
        }
    }

    func reset() { state.withLock { $0.reset() } }

    func stats() -> AdminValue { state.withLock { $0.stats(names: endpoints.map(\.name)) } }

    /// The calls that a job made, oldest first.
    func calls(of job: String) -> [AdminValue] { state.withLock { $0.calls(of: job) }.map(describe) }

    /// The last calls that carried a job's id, oldest first.
    func calls() -> [AdminValue] { state.withLock { $0.allCalls }.map(describe) }

    private func describe(_ record: CallRecord) -> AdminValue {
        .object([
            "job": .string(record.job), "endpoint": .string(endpoints[record.endpoint].name),
            "status": record.outcome?.status.map { .number($0) } ?? .null,
            "outcome": .string(record.outcome?.name ?? "open"),
            "attempt": record.attempt.map { .string($0) } ?? .null,
            "correlation_id": record.correlationID.map { .string($0) } ?? .null,
            "apim_request_id": .string(CallIdentifiers(seed: seed, call: record.number).apimRequestID),
            "at": .number(clock.unixTime(record.at)),
        ])
    }
}
