import NIOCore
import Synchronization

/// The endpoints that all connections share.
final class SimulatedPool: Sendable {
    private struct State {
        var records: PoolState
        var open = OpenCalls()
    }

    let endpoints: [SimulatedEndpoint]
    let seed: UInt64
    let clock = SimulatorClock()
    /// One element for each start of the timeline: the simulator's own, and every reset.
    let starts: AsyncStream<Void>
    private let restarted: AsyncStream<Void>.Continuation
    private let positions: [String: Int]
    private let state: Mutex<State>

    init(_ configuration: SimulatorConfiguration) {
        endpoints = configuration.endpoints
        seed = configuration.seed
        let pool = SimulatedPoolState(configuration)
        positions = Dictionary(
            endpoints.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        state = Mutex(State(records: PoolState(pool)))
        (starts, restarted) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        restarted.yield()
    }

    func position(of name: String) -> Int? { positions[name] }

    func begin(_ arrival: Arrival, on channel: any Channel) -> OpenCall {
        let now = clock.now
        return state.withLock {
            let call = OpenCall(arrival, $0.records.begin(arrival, now: now), on: channel, self)
            $0.open.begin(call)
            return call
        }
    }

    func end(_ arrival: Arrival, _ ticket: CallTicket, _ outcome: CallOutcome) {
        let now = clock.now
        state.withLock {
            $0.records.end(arrival, ticket, outcome, now: now)
            $0.open.end(ticket.number)
        }
    }

    /// False when nobody answers there.
    func look(at endpoint: Int) -> Bool { state.withLock { $0.records.pool.look(at: endpoint) } }

    func behaviour(of endpoint: Int) -> EndpointBehaviour {
        state.withLock { $0.records.pool.states[endpoint].behaviour }
    }

    /// Changes the named fields of an endpoint and returns all of them. A blackout cuts the calls under way.
    func change(_ endpoint: Int, _ fields: [String: AdminValue]) async throws(SimulatorProblem) -> EndpointBehaviour {
        let now = clock.now
        let isDark = try state.withLock { state throws(SimulatorProblem) in
            try state.records.pool.apply(fields, to: endpoint, path: "", now: now)
        }
        if isDark { await cut([endpoint]) }
        return behaviour(of: endpoint)
    }

    var nextChange: Int64? { state.withLock { $0.records.pool.nextChange } }

    /// Makes the changes of the timeline that are due.
    func advance() async {
        let now = clock.now
        await cut(state.withLock { $0.records.pool.advance(to: now) })
    }

    private func cut(_ endpoints: [Int]) async {
        let calls = state.withLock { state in endpoints.flatMap { state.open.calls(at: $0) } }
        for call in calls { await call.cut() }
    }

    func reset() {
        let now = clock.now
        state.withLock { $0.records.reset(now: now) }
        restarted.yield()
    }

    func stats() -> AdminValue {
        let now = clock.now
        return state.withLock { $0.records.stats(now: now) }
    }

    /// The calls that a job made, oldest first.
    func calls(of job: String) -> [CallRecord] { state.withLock { $0.records.calls(of: job) } }

    /// The last calls that carried a job's id, oldest first.
    func calls() -> [CallRecord] { state.withLock { $0.records.allCalls } }
}
