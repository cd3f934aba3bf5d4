import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

/// An endpoint that somebody took out of the pool by hand.
@Suite struct DrainTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    private mutating func choose(_ pool: inout PoolState, _ spill: SpillChoice = .atDeadline, left: Duration? = nil)
        -> Chosen
    {
        let needs = CallNeeds(
            model: "gpt-4o", tried: [], deadline: left.map { now + $0 }, spill: spill,
            tokens: CallTokens(prompt: 100, output: 10))
        return Chosen(pool.choose(needs, at: now, random: &random))
    }

    private func pool(_ endpoints: EndpointConfiguration..., draining drained: Int) -> PoolState {
        var pool = PoolState(PoolConfiguration(endpoints: endpoints))
        pool.elect(at: now)
        hear(&pool, drained, isDrained: true)
        return pool
    }

    private func hear(_ pool: inout PoolState, _ index: Int, isDrained: Bool, isReply: Bool = true) {
        pool.heard(
            EndpointStanding(endpoint: pool.endpoints[index].name, drainedAt: isDrained ? now : nil),
            isReply: isReply, at: now)
    }

    @Test mutating func `is not called while another serves the prompt`() {
        var pool = pool(endpoint("east"), endpoint("west"), draining: 0)
        for _ in 0..<50 { #expect(choose(&pool) == .endpoint(1)) }
    }

    @Test mutating func `keeps its jobs waiting where no other serves them, and takes them when it is put back`() {
        var pool = pool(endpoint("east"), draining: 0)
        #expect(choose(&pool) == .unavailable(retryAfter: .seconds(1)))
        let capacity = pool.capacity(at: now)
        #expect(capacity.calls == 0 && capacity.isClosed && capacity.opensIn == .seconds(1))
        let before = pool.gates[0]
        hear(&pool, 0, isDrained: false)
        #expect(pool.gates[0].hasOpened(since: before, at: now))
        #expect(choose(&pool) == .endpoint(0))
    }

    @Test mutating func `lets the calls end that are under way`() {
        var pool = PoolState(PoolConfiguration(endpoints: [endpoint("east")]))
        pool.elect(at: now)
        #expect(choose(&pool) == .endpoint(0))
        hear(&pool, 0, isDrained: true)
        #expect(pool.gates[0].inflight == 1)
        pool.ended(0, .healthy, at: now)
        #expect(pool.gates[0].inflight == 0 && pool.gates[0].isWell)
    }

    @Test(
        arguments: [
            (.never, .seconds(60), .unavailable(retryAfter: .seconds(1))),
            (.atDeadline, nil, .unavailable(retryAfter: .seconds(1))),
            (.atDeadline, .seconds(60), .endpoint(1)), (.immediate, nil, .endpoint(1)),
        ] as [(SpillChoice, Duration?, Chosen)])
    mutating func `has its jobs paid by the token where a deadline would be missed, as their queue allows`(
        spill: SpillChoice, left: Duration?, chosen: Chosen
    ) {
        var pool = pool(provisioned("ptu"), endpoint("paid"), draining: 0)
        #expect(choose(&pool, spill, left: left) == chosen)
    }

    @Test mutating func `stays drained whatever is announced of its gates`() {
        var pool = pool(endpoint("east"), draining: 0)
        hear(&pool, 0, isDrained: false, isReply: false)
        #expect(pool.gates[0].isDrained && choose(&pool) == .unavailable(retryAfter: .seconds(1)))
    }
}
