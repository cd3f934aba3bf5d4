import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct ReconfigureTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    private func configuration(_ endpoints: EndpointConfiguration...) -> PoolConfiguration {
        PoolConfiguration(endpoints: endpoints, breaker: BreakerPolicy(failureThreshold: 1))
    }

    private mutating func chosen(_ pool: inout PoolState, times: Int = 20) -> Set<String> {
        pool.elect(at: now)
        return Set(
            (0..<times).compactMap { _ in
                guard case .call(let call) = pool.choose(needs, at: now, random: &random) else { return nil }
                return pool.endpoints[call.endpoint].name
            })
    }

    private let needs = CallNeeds(model: "gpt-4o", tried: [])

    @Test mutating func `an endpoint that is not named any more takes no call, a new one does`() {
        var pool = PoolState(configuration(endpoint("a"), endpoint("b")))
        #expect(chosen(&pool) == ["a", "b"])
        pool.reconfigure(configuration(endpoint("b"), endpoint("c")))
        #expect(chosen(&pool) == ["b", "c"])
        pool.reconfigure(configuration(endpoint("a")))
        #expect(chosen(&pool) == ["a"], "it is back")
    }

    @Test mutating func `calls under way end at the endpoint at which they began`() {
        var pool = PoolState(configuration(endpoint("a"), endpoint("b", priority: 1)))
        guard case .call(let call) = pool.choose(needs, at: now, random: &random) else {
            Issue.record("no endpoint took the call")
            return
        }
        pool.reconfigure(configuration(endpoint("b")))
        #expect(pool.gates[call.endpoint].inflight == 1)
        pool.ended(call.endpoint, .healthy, at: now)
        #expect(pool.gates.map(\.inflight) == [0, 0])
    }

    @Test mutating func `what was found out about an endpoint stays`() {
        var pool = PoolState(configuration(endpoint("a"), endpoint("b")))
        pool.ended(0, .unhealthy(), at: now)
        pool.reconfigure(configuration(endpoint("b"), endpoint("a", weight: 5)))
        #expect(chosen(&pool) == ["b"])
        #expect(pool.endpoints.map(\.weight) == [5, 1])
    }

    @Test mutating func `priorities, bounds and policies are the new ones`() {
        var pool = PoolState(configuration(endpoint("a"), endpoint("b")))
        pool.reconfigure(
            PoolConfiguration(
                endpoints: [endpoint("a", priority: 1), endpoint("b", maxInflight: 2)],
                breaker: BreakerPolicy(failureThreshold: 7)))
        #expect(chosen(&pool, times: 2) == ["b"])
        #expect(chosen(&pool, times: 1) == ["a"], "b is full")
        #expect(pool.gates.allSatisfy { $0.breaker.policy.failureThreshold == 7 })
    }
}
