import PoolSimulator
import Testing

@Suite struct DecisionTests {
    private let call = CallFacts(promptTokens: 80, maxTokens: 20, outputTokens: 20)

    private func decisions(_ behaviour: EndpointBehaviour, calls: Int, seed: UInt64 = 1) -> [Decision] {
        var behaviour = behaviour
        var gate = AdmissionGate()
        var generator = SeededGenerator(seed: seed)
        return (0..<calls).map { index in
            Decision.make(
                call, behaviour: &behaviour, gate: &gate, draws: Draws(from: &generator), now: Int64(index) * 1000)
        }
    }

    private let everyFault = EndpointBehaviour(
        latencyMs: 100, jitter: 0.5, errorRate: 0.1, errorStatus: 503, throttleRate: 0.1, tokensPerMinute: 50_000,
        hangRate: 0.1, resetRate: 0.1, garbageRate: 0.1, truncateRate: 0.1)

    @Test func `the same seed gives the same fate, another seed another`() {
        #expect(decisions(everyFault, calls: 1000) == decisions(everyFault, calls: 1000))
        #expect(decisions(everyFault, calls: 1000) != decisions(everyFault, calls: 1000, seed: 2))
    }

    @Test func `a rate is the share of calls that it hits`() {
        let hits = decisions(EndpointBehaviour(errorRate: 0.2, errorStatus: 502), calls: 10_000)
            .count { $0 == .fail(status: 502, delay: 0) }
        #expect((1800...2200).contains(hits))
    }

    @Test func `changing one rate does not move the calls that another hits`() {
        let before = decisions(EndpointBehaviour(resetRate: 0.3), calls: 200)
        let after = decisions(EndpointBehaviour(garbageRate: 0.5, truncateRate: 0.5).resetting(0.3), calls: 200)
        #expect(before.map { $0 == .reset } == after.map { $0 == .reset })
    }

    @Test func `scripted statuses come first and once each`() {
        let script = EndpointBehaviour(errorRate: 1, retryAfterMs: 70, failNext: [429, 502, 200])
        #expect(
            decisions(script, calls: 4) == [
                .throttle(retryAfterMs: 70), .fail(status: 502, delay: 0), .fail(status: 500, delay: 0),
                .fail(status: 500, delay: 0),
            ])
    }

    @Test func `a blackout outranks everything and takes nothing from the script`() {
        var behaviour = EndpointBehaviour(blackout: true, failNext: [500])
        var gate = AdmissionGate()
        var generator = SeededGenerator(seed: 1)
        let refused = CallFacts(refusal: .unauthorized)
        let decision = Decision.make(
            refused, behaviour: &behaviour, gate: &gate, draws: Draws(from: &generator), now: 0)
        #expect(decision == .reset)
        #expect(behaviour.failNext == [500])
    }

    @Test func `the delay grows with the tokens and stays within the jitter`() {
        let behaviour = EndpointBehaviour(latencyMs: 100, msPerToken: 5, jitter: 0.25)
        for decision in decisions(behaviour, calls: 1000) {
            guard case .answer(let delay, nil) = decision else {
                Issue.record("not an answer: \(decision)")
                return
            }
            #expect((150_000...250_000).contains(delay))
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 1e300])
    func `no delay set by code can trap`(value: Double) {
        let behaviour = EndpointBehaviour(latencyMs: value, msPerToken: value, jitter: value)
        for decision in decisions(behaviour, calls: 10) {
            guard case .answer(let delay, nil) = decision else { continue }
            #expect((0...3_600_000_000).contains(delay))
        }
    }

    @Test func `only calls that pass the bucket are charged`() {
        let behaviour = EndpointBehaviour(tokensPerMinute: 50)
        let made = decisions(behaviour, calls: 3)
        #expect(made.map(\.isAdmitted) == [true, false, false])
        #expect(made[1] == .throttle(retryAfterMs: 60_000))
    }
}

extension EndpointBehaviour {
    fileprivate func resetting(_ share: Double) -> EndpointBehaviour {
        var changed = self
        changed.resetRate = share
        return changed
    }
}
