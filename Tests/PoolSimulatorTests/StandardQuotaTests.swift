import PoolSimulator
import Testing

@Suite struct StandardQuotaTests {
    private let second: Int64 = 1_000_000

    private func endpoint(_ behaviour: EndpointBehaviour) -> SimulatedEndpointState {
        SimulatedEndpointState(SimulatedEndpoint(name: "a", region: "eastus", behaviour: behaviour))
    }

    @Test func `tokens are counted until the minute is over, and the wait ends with it`() {
        var quota = StandardQuota()
        func ask(_ now: Int64) -> Admission {
            quota.admit(600, tokensPerMinute: 1000, requestsPerMinute: nil, now: now)
        }
        #expect(ask(0) == .admitted)
        #expect(ask(10 * second) == .admitted)
        #expect(ask(59_999_500) == .full(retryAfterMs: 1, reason: .tokens))
        #expect(ask(20 * second) == .full(retryAfterMs: 40_000, reason: .tokens))
        #expect(ask(60 * second) == .admitted)
        #expect(quota.tokens(now: 61 * second) == 600)
        #expect(quota.tokens(now: 120 * second) == 0)
    }

    @Test func `requests get a sixth of their limit in every ten seconds`() {
        var quota = StandardQuota()
        func ask(_ now: Int64) -> Admission {
            quota.countRequest(now: now)
            return quota.admit(1, tokensPerMinute: nil, requestsPerMinute: 12, now: now)
        }
        #expect(ask(second) == .admitted)
        #expect(ask(2 * second) == .admitted)
        #expect(ask(3 * second) == .full(retryAfterMs: 7000, reason: .requests))
        #expect(ask(10 * second) == .admitted)
        #expect(ask(10 * second) == .admitted)
        #expect(ask(10 * second) == .full(retryAfterMs: 10_000, reason: .requests))
    }

    @Test(arguments: [500, 429])
    func `requests that fail count as well`(status: Int) {
        var endpoint = endpoint(
            EndpointBehaviour(failNext: [status, status], tier: .standard, requestsPerMinute: 12))
        let decisions = (0..<3).map { _ in endpoint.begin(CallFacts(promptTokens: 1), now: 0).decision }
        #expect(
            decisions.map(\.outcome) == Array(repeating: .refused(status: status), count: 2) + [.refused(status: 429)])
        #expect(decisions[2] == .throttle(retryAfterMs: 10_000, reason: .requests))
    }

    @Test func `a request that reaches no deployment counts for none`() {
        var endpoint = endpoint(EndpointBehaviour(tier: .standard, requestsPerMinute: 6))
        _ = endpoint.begin(CallFacts(refusal: .unauthorized), now: 0)
        #expect(endpoint.begin(CallFacts(promptTokens: 1), now: 0).decision.isAdmitted)
    }

    @Test func `a quota knows no weight, no cache and no correction`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 100_000, tier: .standard, outputWeight: 4))
        let fate = endpoint.begin(CallFacts(promptTokens: 2048, maxTokens: 100, outputTokens: 5), now: 0)
        endpoint.end(fate, .answered, now: second)
        #expect(endpoint.load(now: second).level == 2148)
        #expect(endpoint.load(now: second).idleSeconds == nil)
        #expect(endpoint.counts.tokensAdmittedWeighted == 2148)
        #expect(endpoint.counts.tokensUsedWeighted == 2148)
        #expect(endpoint.counts.tokensUsed == 1024 + 5)
    }

    @Test func `the room says what is left and when it is whole again`() throws {
        var endpoint = endpoint(
            EndpointBehaviour(tokensPerMinute: 1000, tier: .standard, requestsPerMinute: 60))
        let fate = endpoint.begin(CallFacts(promptTokens: 300), now: 12 * second)
        #expect(fate.room.limit == 1000)
        #expect(fate.room.remaining == 700)
        #expect(fate.room.limitRequests == 60)
        #expect(fate.room.remainingRequests == 9)
        #expect(fate.room.resetTokens == 48)
        #expect(fate.room.resetRequests == 8)
    }

    @Test func `over an hour of overload a quota admits its tokens, minute by minute`() {
        var endpoint = endpoint(EndpointBehaviour(tokensPerMinute: 90_000, tier: .standard))
        let call = CallFacts(promptTokens: 500, maxTokens: 100, outputTokens: 100)
        for tick in 0..<36_000 {
            let now = Int64(tick) * 100_000
            for _ in 0..<2 {
                let fate = endpoint.begin(call, now: now)
                endpoint.end(fate, fate.decision.outcome ?? .dropped, now: now)
            }
        }
        #expect(endpoint.counts.tokensAdmitted == 60 * 90_000)
        #expect(endpoint.counts.throttled == 72_000 - 60 * 150)
    }

    @Test func `flex refuses its busy share, unbilled, and still counts the request`() {
        var endpoint = endpoint(
            EndpointBehaviour(retryAfterMs: 5000, tier: .flex, requestsPerMinute: 12, flexBusy: 1))
        let call = CallFacts(promptTokens: 10, maxTokens: 10, outputTokens: 10)
        let fate = endpoint.begin(call, now: 0)
        #expect(fate.decision == .throttle(retryAfterMs: 5000, reason: .noCapacity))
        endpoint.end(fate, .refused(status: 429), now: 0)
        #expect(endpoint.counts.tokensUsed == 0)
        #expect(endpoint.room(now: 0)?.remainingRequests == 1)
        endpoint.change(to: EndpointBehaviour(tier: .flex, flexBusy: 0.25), now: 0)
        let refused = (0..<10_000).count { _ in !endpoint.begin(call, now: 0).decision.isAdmitted }
        #expect((2300...2700).contains(refused))
    }

    @Test func `flex_busy means nothing to the other tiers`() {
        for tier in [EndpointTier.ptu, .standard] {
            var endpoint = endpoint(EndpointBehaviour(tier: tier, flexBusy: 1))
            #expect(endpoint.begin(CallFacts(promptTokens: 1), now: 0).decision.isAdmitted)
        }
    }
}
