/// Everything about one endpoint that changes, as a value: its behaviour, its limits, its dice and its counts.
///
/// It knows no clock, no task and no connection, so a discrete-event program can drive it as well as the HTTP server
/// does. Times are microseconds from any fixed start and should not go backwards:
///
///     var endpoint = SimulatedEndpointState(SimulatedEndpoint(name: "a", region: "eastus"), seed: 7)
///     let fate = endpoint.begin(CallFacts(promptTokens: 900, maxTokens: 100, outputTokens: 60), now: now)
///     // fate.decision.delay later, or when the caller gives up (nil: it hangs until then):
///     endpoint.end(fate, fate.decision.outcome ?? .clientAbort, now: later)
///
/// Every `begin` needs its `end`, which corrects the bucket. The same seed and the same calls at the same times give the
/// same fates. For spillover and a timeline drive a `SimulatedPoolState` instead.
package struct SimulatedEndpointState: Sendable {
    package private(set) var behaviour: EndpointBehaviour
    package private(set) var counts = EndpointCounts()
    private var gate = AdmissionGate()
    private var generator: SeededGenerator

    package init(_ endpoint: SimulatedEndpoint, seed: UInt64 = 1) {
        behaviour = endpoint.behaviour
        // Each endpoint has dice of its own: traffic at one does not change what happens at another.
        generator = SeededGenerator(seed: seed ^ StableHash.of(endpoint.name))
    }

    package mutating func begin(_ call: CallFacts, now: Int64) -> CallFate {
        let fate = decide(call, now: now)
        open(call, fate)
        return fate
    }

    package mutating func end(_ fate: CallFate, _ outcome: CallOutcome, now: Int64) {
        let cost = fate.cost(outcome)
        if fate.decision.isAdmitted { gate.correct(by: cost - fate.charged, behaviour, now: now) }
        counts.end(outcome, tokensUsed: fate.billed(outcome).charged, weighted: cost)
    }

    /// What `begin` decides, before it is counted: a call that spills over is counted where it is served.
    mutating func decide(_ call: CallFacts, now: Int64) -> CallFate {
        let draws = Draws(from: &generator)
        let decision = Decision.make(call, behaviour: &behaviour, gate: &gate, draws: draws, now: now)
        return CallFate(decision, call, behaviour, room: room(now: now) ?? .plenty)
    }

    mutating func open(_ call: CallFacts, _ fate: CallFate) {
        counts.begin(
            deployment: call.deployment, decision: fate.decision, tokens: call.estimatedTokens, weighted: fate.charged)
    }

    mutating func spillAway() { counts.spillAway() }

    /// Somebody asked for the list of models. False when nobody answers there.
    package mutating func look() -> Bool {
        counts.look()
        return !behaviour.blackout
    }

    /// What flowed until now flowed by the old rate.
    package mutating func change(to changed: EndpointBehaviour, now: Int64) {
        gate.advance(behaviour, to: now)
        behaviour = changed
    }

    /// Starts the counts anew; what is in the bucket stays, and so do the calls that are open.
    package mutating func resetCounts(now: Int64) {
        counts.reset()
        gate.restartMeter(behaviour, now: now)
    }

    /// `nil` without a limit.
    package func room(now: Int64) -> RateRoom? { gate.room(behaviour, now: now) }

    package func load(now: Int64) -> EndpointLoad { gate.load(behaviour, now: now) }
}
