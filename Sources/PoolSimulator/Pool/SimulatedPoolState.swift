/// All endpoints as one value: what `SimulatedEndpointState` is for one, with spillover between them and the timeline.
///
/// A discrete-event program drives it like this, an event for each of the three:
///
///     var pool = SimulatedPoolState(configuration)
///     let dark = pool.advance(to: now)  // at pool.nextChange; then end the calls under way at `dark` with .reset
///     let call = pool.begin(facts, at: 0, now: now)
///     pool.end(call, call.fate.decision.outcome ?? .clientAbort, now: now + (call.fate.decision.delay ?? timeout))
///
/// `begin` does not advance the timeline by itself.
package struct SimulatedPoolState: Sendable {
    package let endpoints: [SimulatedEndpoint]
    package internal(set) var states: [SimulatedEndpointState]
    let timeline: Timeline
    private let positions: [String: Int]
    /// When the timeline began, and the time on it up to which it has been played.
    var began: Int64 = 0
    var played: Int64 = -1

    package init(_ configuration: SimulatorConfiguration) {
        endpoints = configuration.endpoints
        timeline = configuration.timeline
        states = endpoints.map { SimulatedEndpointState($0, seed: configuration.seed) }
        positions = Dictionary(
            endpoints.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func position(of name: String) -> Int? { positions[name] }

    package mutating func begin(_ call: CallFacts, at asked: Int, now: Int64) -> RoutedCall {
        let fate = states[asked].decide(call, now: now)
        switch spill(call, fate, from: asked, now: now) {
        case .taken(let position, let spilled):
            states[asked].spillAway()
            states[position].open(call, spilled)
            return RoutedCall(asked: asked, served: position, fate: spilled, spillover: .served)
        case .refused(let status):
            states[asked].open(call, fate)
            return RoutedCall(asked: asked, served: asked, fate: fate, spillover: .refused(status: status))
        case nil:
            states[asked].open(call, fate)
            return RoutedCall(asked: asked, served: asked, fate: fate, spillover: .none)
        }
    }

    package mutating func end(_ call: RoutedCall, _ outcome: CallOutcome, now: Int64) {
        states[call.served].end(call.fate, outcome, now: now)
    }

    /// Changes an endpoint outside the timeline. `spillover` is not checked; a name that is unknown leads nowhere.
    package mutating func change(_ endpoint: Int, to behaviour: EndpointBehaviour, now: Int64) {
        states[endpoint].change(to: behaviour, now: now)
    }

    package mutating func look(at endpoint: Int) -> Bool { states[endpoint].look() }
}
