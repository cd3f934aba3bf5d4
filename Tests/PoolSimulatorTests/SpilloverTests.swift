import PoolSimulator
import Testing

@Suite struct SpilloverTests {
    private let call = CallFacts(promptTokens: 80, maxTokens: 20, outputTokens: 20, deployment: "gpt-4o")

    private func pool(
        _ first: EndpointBehaviour, _ second: EndpointBehaviour = EndpointBehaviour(tier: .standard),
        deployments: [String] = SimulatedEndpoint.usualDeployments
    ) -> SimulatedPoolState {
        SimulatedPoolState(
            SimulatorConfiguration(endpoints: [
                SimulatedEndpoint(name: "ptu", region: "eastus", behaviour: first),
                SimulatedEndpoint(name: "standard", region: "westus", deployments: deployments, behaviour: second),
            ]))
    }

    @Test func `a full bucket hands the call on, and only the endpoint that serves it counts it`() {
        var pool = pool(EndpointBehaviour(tokensPerMinute: 100, spillover: "standard"))
        let first = pool.begin(call, at: 0, now: 0)
        let second = pool.begin(call, at: 0, now: 0)
        #expect((first.served, first.spillover) == (0, .none))
        #expect((second.asked, second.served, second.spillover) == (0, 1, .served))
        #expect(second.fate.decision == .answer(delay: 0, fault: nil))
        pool.end(first, .answered, now: 0)
        pool.end(second, .answered, now: 0)
        #expect(pool.states.map(\.counts.calls) == [1, 1])
        #expect(pool.states.map(\.counts.spilled) == [1, 0])
        #expect(pool.states.map(\.counts.throttled) == [0, 0])
        #expect(pool.states[0].load(now: 0).level == 100)
    }

    @Test(arguments: [(429, true), (500, true), (503, true), (502, false), (400, false)])
    func `these statuses spill over and no others`(status: Int, spills: Bool) {
        var pool = pool(EndpointBehaviour(failNext: [status], spillover: "standard"))
        #expect((pool.begin(call, at: 0, now: 0).served == 1) == spills)
    }

    @Test func `too long a prompt spills over to an endpoint that takes it`() {
        var pool = pool(EndpointBehaviour(spillover: "standard", maxPromptTokens: 79))
        #expect(pool.begin(call, at: 0, now: 0).served == 1)
    }

    @Test func `the first endpoint's answer stands when the other refuses as well`() {
        var pool = pool(
            EndpointBehaviour(throttleRate: 1, retryAfterMs: 777, spillover: "standard"),
            EndpointBehaviour(failNext: [502], tier: .standard))
        let refused = pool.begin(call, at: 0, now: 0)
        #expect(refused.served == 0)
        #expect(refused.spillover == .refused(status: 502))
        #expect(refused.fate.decision == .throttle(retryAfterMs: 777))
        #expect(pool.states.map(\.counts.calls) == [1, 0])
    }

    @Test func `an endpoint that is gone, or lacks the deployment, takes nothing over`() {
        let full = EndpointBehaviour(throttleRate: 1, spillover: "standard")
        var dark = pool(full, EndpointBehaviour(blackout: true, tier: .standard))
        #expect(dark.begin(call, at: 0, now: 0).spillover == .refused(status: 503))
        var foreign = pool(full, deployments: ["other"])
        #expect(foreign.begin(call, at: 0, now: 0).spillover == .refused(status: 404))
    }

    @Test func `the request may name its own overflow, the endpoint's wins, and a standard endpoint has none`() {
        var asking = call
        asking.spillover = "standard"
        var plain = pool(EndpointBehaviour(throttleRate: 1))
        #expect(plain.begin(asking, at: 0, now: 0).served == 1)
        asking.spillover = "nowhere"
        #expect(plain.begin(asking, at: 0, now: 0).spillover == .none)
        var standard = pool(EndpointBehaviour(throttleRate: 1, tier: .standard, spillover: "standard"))
        #expect(standard.begin(call, at: 0, now: 0).spillover == .none)
    }

    @Test func `a call is handed on once`() {
        var pool = pool(
            EndpointBehaviour(throttleRate: 1, spillover: "standard"),
            EndpointBehaviour(throttleRate: 1, tier: .ptu, spillover: "ptu"))
        #expect(pool.begin(call, at: 0, now: 0).spillover == .refused(status: 429))
    }
}
