import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

/// Which calls may go to an endpoint that is paid by the token.
@Suite struct SpillTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    /// A provisioned endpoint and one that is paid by the token, of the same priority.
    private func pool(_ others: EndpointConfiguration...) -> PoolState {
        var pool = PoolState(PoolConfiguration(endpoints: [provisioned("ptu"), endpoint("paid")] + others))
        pool.elect(at: now)
        return pool
    }

    private mutating func choose(
        _ pool: inout PoolState, _ spill: SpillChoice = .atDeadline, left: Duration? = nil, tried: Set<String> = []
    ) -> Chosen {
        let needs = CallNeeds(
            model: "gpt-4o", tried: tried, deadline: left.map { now + $0 }, spill: spill,
            tokens: CallTokens(prompt: 100, output: 10))
        return Chosen(pool.choose(needs, at: now, random: &random))
    }

    private func full(_ pool: PoolState, for wait: Duration) -> PoolState {
        var pool = pool
        _ = pool.gates[0].began(1_000, at: now)
        pool.ended(0, .throttled(for: wait), at: now)
        return pool
    }

    @Test(arguments: [SpillChoice.never, .atDeadline, .immediate])
    mutating func `while the prepaid one has room, nothing is spent`(spill: SpillChoice) {
        var pool = pool()
        for _ in 0..<50 { #expect(choose(&pool, spill, left: .seconds(60)) == .endpoint(0)) }
    }

    @Test(
        arguments: [
            (.never, .seconds(12), .unavailable(retryAfter: .seconds(10))),
            (.immediate, nil, .endpoint(1)), (.atDeadline, nil, .unavailable(retryAfter: .seconds(10))),
            (.atDeadline, .seconds(60), .unavailable(retryAfter: .seconds(10))),
            (.atDeadline, .seconds(11), .endpoint(1)), (.atDeadline, .seconds(5), .endpoint(1)),
        ] as [(SpillChoice, Duration?, Chosen)])
    mutating func `while it is full, a job waits if its deadline allows, or its queue forbids more`(
        spill: SpillChoice, left: Duration?, chosen: Chosen
    ) {
        var pool = full(pool(), for: .seconds(10))
        #expect(choose(&pool, spill, left: left) == chosen)
    }

    @Test mutating func `a call takes time, too`() {
        var pool = full(pool(), for: .seconds(10))
        #expect(choose(&pool, left: .seconds(20)) == .unavailable(retryAfter: .seconds(10)))
        pool.gates[0].answered(after: .seconds(5), output: 100, at: now)
        #expect(choose(&pool, left: .seconds(20)) == .endpoint(1))
    }

    @Test mutating func `a failed call goes to the other prepaid one, and not to the paid one`() {
        var pool = pool(provisioned("ptu2"))
        #expect(choose(&pool, tried: ["ptu"]) == .endpoint(2))
        #expect(choose(&pool, tried: ["ptu", "ptu2"]) == .exhausted)
        #expect(choose(&pool, tried: ["ptu", "ptu2"], spillNow: true) == .endpoint(1))
    }

    private mutating func choose(_ pool: inout PoolState, tried: Set<String>, spillNow: Bool) -> Chosen {
        choose(&pool, spillNow ? .immediate : .atDeadline, tried: tried)
    }

    @Test mutating func `an endpoint costs nothing extra for a model that no prepaid one serves`() {
        var pool = pool(endpoint("o3", model: "o3"))
        #expect(pool.costsExtra == [false, true, false])
        #expect(Chosen(pool.choose(CallNeeds(model: "o3", spill: .never), at: now, random: &random)) == .endpoint(2))
    }

    @Test func `what can be called without extra cost is counted apart`() {
        var pool = full(pool(), for: .seconds(10))
        let capacity = pool.capacity(at: now)
        #expect(capacity.calls == 0 && capacity.spillCalls == .max && capacity.opensIn == .milliseconds(10_501))
        #expect(!capacity.isClosed && capacity.rate == JobRate(now: 1, whole: 1))
        pool.gates[0].breaker.heard(HealthGate(closedFor: .seconds(1)), at: now)
        #expect(pool.capacity(at: now).rate == JobRate(now: 0, whole: 1))
    }

    @Test mutating func `a job is not given up for an endpoint that opens in time`() {
        var pool = full(pool(), for: .milliseconds(500))
        pool.gates[0].answered(after: .seconds(2), output: 10, at: now)
        pool.gates[1].answered(after: .seconds(20), output: 10, at: now)
        // The one that is open takes ten seconds at least; the other opens in half a second, and takes one.
        #expect(choose(&pool, left: .seconds(4)) == .unavailable(retryAfter: .milliseconds(1001)))
        #expect(choose(&pool, left: .milliseconds(1_900)) == .tooLate)
    }

    @Test mutating func `a region that was asked for goes first, and another when it has no room`() {
        var east = endpoint("east")
        var west = endpoint("west", maxInflight: 1)
        (east.region, west.region) = ("eastus", "westus")
        var pool = PoolState(PoolConfiguration(endpoints: [east, west]))
        let needs = CallNeeds(model: "gpt-4o", region: "westus")
        let chosen = (0..<3).map { _ in Chosen(pool.choose(needs, at: now, random: &random)) }
        #expect(chosen == [.endpoint(1), .endpoint(0), .endpoint(0)])
        let elsewhere = CallNeeds(model: "gpt-4o", region: "mars")
        #expect(Chosen(pool.choose(elsewhere, at: now, random: &random)) == .endpoint(0))
    }

    @Test mutating func `a retry waits while the budget is used up, a first call does not`() {
        var pool = pool()
        pool.budget.measured(0, at: now)
        let retry = CallNeeds(model: "gpt-4o", isRetry: true)
        #expect(
            Chosen(pool.choose(retry, at: now, random: &random)) == .unavailable(retryAfter: PoolState.budgetPause))
        #expect(choose(&pool) == .endpoint(0))
    }
}
