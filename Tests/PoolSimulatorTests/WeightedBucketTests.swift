import PoolSimulator
import Testing

@Suite struct WeightedBucketTests {
    private let second: Int64 = 1_000_000

    private func endpoint(_ behaviour: EndpointBehaviour) -> SimulatedEndpointState {
        SimulatedEndpointState(SimulatedEndpoint(name: "a", region: "eastus", behaviour: behaviour))
    }

    @Test func `a provisioned call is charged its fresh prompt and the weighted tokens it may use`() {
        let rule = EndpointBehaviour(outputWeight: 4).tokenRule
        // Of 2048 prompt tokens 1024 come from the cache.
        #expect(rule.charge(CallFacts(promptTokens: 2048, maxTokens: 100)) == 1024 + 400)
        #expect(rule.charge(CallFacts(promptTokens: 2048, cachedTokens: 0, maxTokens: 100)) == 2048 + 400)
        #expect(rule.charge(CallFacts(promptTokens: 8)) == 8)
    }

    @Test(arguments: [Double.nan, -1, .infinity, 1e300])
    func `no weight set by code can trap`(weight: Double) {
        let charge = EndpointBehaviour(outputWeight: weight).tokenRule.charge(
            CallFacts(promptTokens: 8, maxTokens: 1_000_000))
        #expect((8...1_000_000_008).contains(charge))
    }

    @Test func `an answer is corrected to what it used, with the same weight`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 100_000, outputWeight: 4))
        let fate = endpoint.begin(CallFacts(promptTokens: 50, maxTokens: 1000, outputTokens: 20), now: 0)
        #expect(fate.charged == 4050)
        #expect(endpoint.load(now: 0).level == 4050)
        endpoint.end(fate, .answered, now: 0)
        #expect(endpoint.load(now: 0).level == 50 + 80)
        #expect(endpoint.counts.tokensAdmittedWeighted == 4050)
        #expect(endpoint.counts.tokensUsedWeighted == 130)
        #expect(endpoint.counts.tokensAdmitted == 1050)
        #expect(endpoint.counts.tokensUsed == 70)
    }

    @Test func `a call without an answer costs its prompt, one that was never admitted nothing`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 100_000, failNext: [200, 500], outputWeight: 4))
        let call = CallFacts(promptTokens: 50, maxTokens: 1000, outputTokens: 20)
        endpoint.end(endpoint.begin(call, now: 0), .clientAbort, now: 0)
        #expect(endpoint.load(now: 0).level == 50)
        endpoint.end(endpoint.begin(call, now: 0), .refused(status: 500), now: 0)
        #expect(endpoint.load(now: 0).level == 50)
        #expect(endpoint.counts.tokensUsedWeighted == 50)
    }

    @Test func `a weight that changes under a call does not change what the call gives back`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 100_000, outputWeight: 4))
        let fate = endpoint.begin(CallFacts(promptTokens: 10, maxTokens: 100, outputTokens: 100), now: 0)
        endpoint.change(to: EndpointBehaviour(tokensPerMinute: 100_000, outputWeight: 8), now: 0)
        endpoint.end(fate, .answered, now: 0)
        #expect(endpoint.load(now: 0).level == 410)
    }

    @Test func `burst_seconds moves the brim`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 6000, burstSeconds: 10))
        let call = CallFacts(promptTokens: 999, maxTokens: 1, outputTokens: 1)
        #expect(endpoint.begin(call, now: 0).decision.isAdmitted)
        // 1000 tokens are the brim exactly; one drains in ten milliseconds.
        let full = endpoint.begin(call, now: 0)
        #expect(full.decision == .throttle(retryAfterMs: 1))
        #expect(endpoint.begin(call, now: 1000).decision.isAdmitted)
        #expect(endpoint.room(now: 0)?.remaining == 0)
    }

    @Test func `idle time is the time in which the bucket was empty`() throws {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 600))
        let fate = endpoint.begin(CallFacts(promptTokens: 100), now: 5 * second)
        endpoint.end(fate, .answered, now: 6 * second)
        // Empty for five seconds, then ten to drain 100 tokens, then empty again.
        let load = endpoint.load(now: 20 * second)
        #expect(load.idleSeconds == 10)
        #expect(load.capacityTokens == 200)
        #expect(load.level == 0)
        endpoint.resetCounts(now: 20 * second)
        #expect(endpoint.load(now: 20 * second).idleSeconds == 0)
        #expect(endpoint.load(now: 22 * second).idleSeconds == 2)
        #expect(endpoint.load(now: 22 * second).capacityTokens == 20)
    }

    @Test func `a reset of the counts leaves the level, and without a rate there is no idle time`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 600))
        _ = endpoint.begin(CallFacts(promptTokens: 100), now: 0)
        endpoint.resetCounts(now: 0)
        #expect(endpoint.load(now: 0).level == 100)
        endpoint.change(to: EndpointBehaviour(), now: 0)
        #expect(endpoint.load(now: 60 * second) == EndpointLoad(level: 0, capacityTokens: 0, idleSeconds: nil))
    }

    @Test func `what flowed before a change of the rate flowed by the old one`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 600))
        _ = endpoint.begin(CallFacts(promptTokens: 100), now: 0)
        endpoint.change(to: EndpointBehaviour(tokensPerMinute: 60), now: 5 * second)
        #expect(endpoint.load(now: 10 * second).level == 45)
        #expect(endpoint.load(now: 10 * second).capacityTokens == 55)
    }
}
