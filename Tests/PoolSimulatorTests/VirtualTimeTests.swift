import PoolSimulator
import Testing

/// How a discrete-event program drives the pool: no server, no clock, no waiting.
@Suite struct VirtualTimeTests {
    private static let hour: Int64 = 3_600_000_000

    /// Callers that send the next call when the last is over, and wait as long as a 429 says.
    private struct Hour {
        var endpoint: SimulatedEndpointState
        /// When each caller acts next, and the call that it has open.
        private var callers: [(at: Int64, open: (fate: CallFate, outcome: CallOutcome)?)]

        init(_ behaviour: EndpointBehaviour, callers: Int, seed: UInt64) {
            endpoint = SimulatedEndpointState(
                SimulatedEndpoint(name: "a", region: "eastus", behaviour: behaviour), seed: seed)
            self.callers = (0..<callers).map { (Int64($0), nil) }
        }

        mutating func run() {
            while let next = callers.indices.min(by: { callers[$0].at < callers[$1].at }), callers[next].at < hour {
                act(next)
            }
        }

        /// What calls that are still open were charged.
        var openCharges: Int { callers.reduce(0) { $0 + ($1.open?.fate.charged ?? 0) } }

        private mutating func act(_ caller: Int) {
            let now = callers[caller].at
            if let open = callers[caller].open {
                endpoint.end(open.fate, open.outcome, now: now)
                callers[caller].open = nil
            }
            let call = CallFacts(promptTokens: 500, maxTokens: 400, outputTokens: 150)
            let fate = endpoint.begin(call, now: now)
            if case .throttle(let retryAfterMs, _) = fate.decision {
                endpoint.end(fate, .refused(status: 429), now: now)
                callers[caller].at = now + Int64(retryAfterMs) * 1000
            } else {
                callers[caller].open = (fate, fate.decision.outcome ?? .clientAbort)
                callers[caller].at = now + (fate.decision.delay ?? 60_000_000)
            }
        }
    }

    private let behaviour = EndpointBehaviour(
        latencyMs: 300, msPerToken: 10, jitter: 0.3, tokensPerMinute: 250_000, outputWeight: 4, burstSeconds: 10)

    @Test(arguments: [UInt64(1), 2, 3])
    func `a saturated bucket spends its capacity in an hour, to one per cent`(seed: UInt64) throws {
        var hour = Hour(behaviour, callers: 12, seed: seed)
        hour.run()
        let load = hour.endpoint.load(now: Self.hour)
        let used = Double(hour.endpoint.counts.tokensUsedWeighted)
        #expect(abs(load.capacityTokens - 15_000_000) < 1)
        #expect(abs(used / load.capacityTokens - 1) < 0.01)
        #expect(try #require(load.idleSeconds) < 36)
        #expect(hour.endpoint.counts.throttled > 0)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `what went into a bucket that is never empty has drained or is still in it`(seed: UInt64) throws {
        var faulty = behaviour
        (faulty.errorRate, faulty.hangRate, faulty.truncateRate, faulty.resetRate) = (0.05, 0.01, 0.05, 0.05)
        // Few enough tokens that the callers who hang are not missed.
        faulty.tokensPerMinute = 100_000
        var hour = Hour(faulty, callers: 15, seed: seed)
        hour.run()
        let load = hour.endpoint.load(now: Self.hour)
        try #require(load.idleSeconds == 0)
        let drained = load.capacityTokens
        let taken = hour.endpoint.counts.tokensUsedWeighted + hour.openCharges
        #expect(abs(drained + Double(load.level) - Double(taken)) <= 1)
    }

    @Test func `an endpoint with few callers is idle for the share it was not used`() throws {
        var hour = Hour(behaviour, callers: 1, seed: 1)
        hour.run()
        let load = hour.endpoint.load(now: Self.hour)
        let utilisation = Double(hour.endpoint.counts.tokensUsedWeighted) / load.capacityTokens
        let busy = 1 - (try #require(load.idleSeconds)) / 3600
        #expect(hour.endpoint.counts.throttled == 0)
        #expect(utilisation < 0.5)
        // The estimate that a call gives back at its end may have drained already: busy is the larger one.
        #expect((utilisation - 0.01...1).contains(busy))
    }

    @Test func `the same seed plays the same hour`() {
        var faulty = behaviour
        (faulty.errorRate, faulty.hangRate, faulty.truncateRate) = (0.05, 0.01, 0.05)
        var hours = [UInt64(1), 1, 2].map { Hour(faulty, callers: 10, seed: $0) }
        for index in hours.indices { hours[index].run() }
        let used = hours.map(\.endpoint.counts.tokensUsedWeighted)
        #expect(used[0] == used[1])
        #expect(used[0] != used[2])
    }
}
