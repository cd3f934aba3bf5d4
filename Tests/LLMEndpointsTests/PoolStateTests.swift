import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

/// An endpoint for tests.
func endpoint(
    _ name: String, model: String? = "gpt-4o", priority: Int = 0, weight: Int = 1, maxInflight: Int? = nil
) -> EndpointConfiguration {
    EndpointConfiguration(
        name: name, url: "http://127.0.0.1:9", deployment: "d-\(name)", model: model, priority: priority,
        weight: weight,
        maxInflight: maxInflight)
}

/// A choice without what does not matter to most tests.
enum Chosen: Equatable {
    case endpoint(Int)
    case other(PoolState.Choice)

    static let exhausted = Chosen.other(.exhausted)
    static let unserved = Chosen.other(.unserved)
    static let tooLate = Chosen.other(.tooLate)
    static func unavailable(retryAfter wait: Duration) -> Chosen { .other(.unavailable(retryAfter: wait)) }

    init(_ choice: PoolState.Choice) {
        if case .call(let call) = choice { self = .endpoint(call.endpoint) } else { self = .other(choice) }
    }
}

extension PoolState {
    /// Ends a call that began now, in the way that the signal says.
    mutating func ended(_ index: Int, _ signal: EndpointSignal, isProbe: Bool? = nil, at now: Timestamp) {
        let isProbe = isProbe ?? (gates[index].probe == .underWay)
        gates[index].ended(EndedCall(signal: signal, isProbe: isProbe, start: now), at: now)
    }
}

@Suite struct PoolStateTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    private func pool(_ endpoints: EndpointConfiguration...) -> PoolState {
        PoolState(PoolConfiguration(endpoints: endpoints, breaker: BreakerPolicy(failureThreshold: 1)))
    }

    private mutating func choose(
        _ pool: inout PoolState, model: String? = "gpt-4o", avoiding tried: Set<String> = [],
        after wait: Duration = .zero
    ) -> Chosen {
        pool.elect(at: now + wait)
        return Chosen(pool.choose(CallNeeds(model: model, tried: tried), at: now + wait, random: &random))
    }

    private mutating func close(_ pool: inout PoolState, _ index: Int, _ signal: EndpointSignal) {
        let others = Set(pool.endpoints.indices.filter { $0 != index }.map { pool.endpoints[$0].name })
        #expect(choose(&pool, model: nil, avoiding: others) == .endpoint(index))
        pool.ended(index, signal, at: now)
    }

    @Test mutating func `a lower priority number goes first, and the next only when it cannot`() {
        var pool = pool(
            endpoint("standard", priority: 1), endpoint("ptu", maxInflight: 2), endpoint("ptu2", maxInflight: 1))
        let chosen = (0..<5).map { _ in choose(&pool) }
        #expect(chosen[0] != chosen[1] && !chosen[..<2].contains(.endpoint(0)))
        #expect(chosen[2...] == [.endpoint(1), .endpoint(0), .endpoint(0)])
        pool.ended(1, .healthy, at: now)
        #expect(choose(&pool) == .endpoint(1))
    }

    @Test mutating func `a throttled tier spills over, and comes back`() {
        var pool = pool(endpoint("ptu"), endpoint("standard", priority: 1))
        close(&pool, 0, .throttled(for: .seconds(2)))
        #expect(choose(&pool) == .endpoint(1))
        #expect(choose(&pool, after: .seconds(2)) == .endpoint(0))
    }

    @Test mutating func `endpoints of one priority are used by their weight`() {
        var pool = pool(endpoint("a", weight: 5), endpoint("b", weight: 3), endpoint("c", weight: 2))
        for _ in 0..<1000 { _ = choose(&pool) }
        #expect(pool.gates.map(\.inflight) == [500, 300, 200])
    }

    @Test mutating func `weights hold also when every call ends before the next`() {
        var pool = pool(endpoint("a", weight: 5), endpoint("b", weight: 3), endpoint("c", weight: 2))
        var counts = [0, 0, 0]
        for _ in 0..<10_000 {
            guard case .endpoint(let index) = choose(&pool) else { continue }
            counts[index] += 1
            pool.ended(index, .healthy, at: now)
        }
        for (count, expected) in zip(counts, [5000, 3000, 2000]) { #expect(abs(count - expected) < 250) }
    }

    @Test mutating func `no call is begun that cannot be over before the deadline`() {
        var pool = pool(endpoint("fast", priority: 1), endpoint("slow"))
        func choose(in time: Duration) -> Chosen {
            Chosen(pool.choose(CallNeeds(model: "gpt-4o", deadline: now + time), at: now, random: &random))
        }
        // As long as nothing is known, everything is tried.
        #expect(choose(in: .milliseconds(1)) == .endpoint(1))
        pool.gates[0].answered(after: .milliseconds(400), output: 10, at: now)
        pool.gates[1].answered(after: .seconds(20), output: 10, at: now)
        #expect(choose(in: .seconds(11)) == .endpoint(1))
        #expect(choose(in: .seconds(10)) == .endpoint(0))
        #expect(choose(in: .milliseconds(201)) == .endpoint(0))
        #expect(choose(in: .milliseconds(200)) == .tooLate)
        pool.ended(0, .throttled(for: .seconds(20)), at: now)
        #expect(choose(in: .seconds(10)) == .tooLate)
    }

    @Test func `the quickest answer is forgotten after a while`() {
        var quickest = QuickestAnswer()
        #expect(quickest.leastTime(at: now) == nil)
        quickest.answered(after: .seconds(2), at: now)
        quickest.answered(after: .seconds(8), at: now + .seconds(30))
        #expect(quickest.leastTime(at: now + .seconds(59)) == .seconds(1))
        quickest.answered(after: .seconds(8), at: now + .seconds(61))
        #expect(quickest.leastTime(at: now + .seconds(62)) == .seconds(1))
        #expect(quickest.leastTime(at: now + .seconds(121)) == .seconds(4))
        #expect(quickest.leastTime(at: now + .seconds(300)) == nil)
    }

    @Test mutating func `the least loaded goes first`() {
        var pool = pool(endpoint("a"), endpoint("b"))
        for _ in 0..<6 { _ = choose(&pool) }
        for _ in 0..<3 { pool.ended(1, .healthy, at: now) }
        #expect((0..<3).map { _ in choose(&pool) } == [.endpoint(1), .endpoint(1), .endpoint(1)])
    }

    @Test mutating func `an endpoint that was tried is avoided`() {
        var pool = pool(endpoint("a"), endpoint("b", priority: 1))
        #expect(choose(&pool, avoiding: ["a"]) == .endpoint(1))
        #expect(choose(&pool, avoiding: ["a", "b"]) == .exhausted)
        #expect(choose(&pool, avoiding: ["a", "b", "gone"]) == .exhausted)
    }

    @Test mutating func `a model is served under its name or the deployment's`() {
        var pool = pool(endpoint("a"), endpoint("b", model: "o3"))
        #expect(choose(&pool, model: "o3") == .endpoint(1))
        #expect(choose(&pool, model: "d-b") == .endpoint(1))
        #expect(choose(&pool, model: "gpt-9") == .unserved)
        #expect(choose(&pool, model: "gpt-9", avoiding: ["a", "b"]) == .unserved)
        #expect(choose(&pool, model: "o3", avoiding: ["b"]) == .exhausted)
        var any = self.pool(endpoint("a", model: nil))
        #expect(choose(&any, model: "whatever") == .endpoint(0))
        #expect(choose(&any, model: nil) == .endpoint(0))
        var none = self.pool()
        #expect(choose(&none) == .unserved)
    }

    @Test mutating func `a closed pool says when the first endpoint opens`() {
        var pool = pool(endpoint("a"), endpoint("b"), endpoint("c"))
        close(&pool, 0, .throttled(for: .seconds(20)))
        close(&pool, 1, .throttled(for: .seconds(30)))
        close(&pool, 2, .misconfigured("forbidden"))
        #expect(choose(&pool, avoiding: ["c"]) == .unavailable(retryAfter: .seconds(20)))
        #expect(choose(&pool, avoiding: ["a", "c"]) == .unavailable(retryAfter: .seconds(30)))
        #expect(choose(&pool) == .unavailable(retryAfter: .seconds(10)))
        #expect(
            pool.capacity(at: now) == PoolCapacity(calls: 0, opensIn: .seconds(20), callTime: .zero, isClosed: true))
    }

    @Test mutating func `nobody waits long for a gate that may open before its time, but for a throttle`() {
        for signal in [EndpointSignal.unhealthy(), .unreachable, .misconfigured("forbidden")] {
            var pool = pool(endpoint("a"))
            close(&pool, 0, signal)
            #expect(choose(&pool) == .unavailable(retryAfter: .seconds(10)))
            #expect(
                choose(&pool, after: .seconds(25))
                    == .unavailable(retryAfter: signal == .misconfigured("forbidden") ? .seconds(10) : .seconds(5)))
            pool.gates[0].throttledUntil = now + .seconds(90)
            #expect(choose(&pool) == .unavailable(retryAfter: .seconds(90)))
        }
    }

    @Test mutating func `nobody looks again at once, however soon an endpoint may open`() {
        var pool = pool(endpoint("a"))
        close(&pool, 0, .throttled(for: .milliseconds(50)))
        #expect(choose(&pool) == .unavailable(retryAfter: PoolState.lookAgain))
    }

    @Test mutating func `an endpoint at its limit is looked at again soon, though another is closed for long`() {
        var pool = pool(endpoint("a", maxInflight: 1), endpoint("b"))
        close(&pool, 1, .throttled(for: .seconds(100)))
        #expect(choose(&pool) == .endpoint(0))
        #expect(choose(&pool) == .unavailable(retryAfter: PoolState.lookAgain))
        #expect(choose(&pool, avoiding: ["a"]) == .unavailable(retryAfter: .seconds(100)))
    }

    @Test mutating func `after the cooldown one call goes to see, and the others wait for it`() {
        var pool = pool(endpoint("a"))
        close(&pool, 0, .unhealthy())
        pool.elect(at: now + .seconds(30))
        #expect(pool.capacity(at: now + .seconds(30)) == PoolCapacity(calls: 1))
        #expect(choose(&pool, after: .seconds(30)) == .endpoint(0))
        #expect(choose(&pool, after: .seconds(30)) == .unavailable(retryAfter: PoolState.lookAgain))
        #expect(pool.capacity(at: now + .seconds(30)) == PoolCapacity(calls: 0, isClosed: true))
        pool.ended(0, .healthy, at: now + .seconds(31))
        #expect(choose(&pool, after: .seconds(31)) == .endpoint(0))
        #expect(choose(&pool, after: .seconds(31)) == .endpoint(0))
    }

    @Test mutating func `capacity is the sum of what the endpoints can take`() {
        var limited = pool(endpoint("a", maxInflight: 3), endpoint("b", priority: 1, maxInflight: 4))
        #expect(limited.capacity(at: now) == PoolCapacity(calls: 7))
        _ = choose(&limited)
        #expect(limited.capacity(at: now) == PoolCapacity(calls: 6))
        #expect(pool(endpoint("a"), endpoint("b")).capacity(at: now) == PoolCapacity(calls: .max))
        #expect(pool(endpoint("a"), endpoint("b", maxInflight: 1)).capacity(at: now) == PoolCapacity(calls: .max))
        #expect(pool().capacity(at: now) == PoolCapacity(calls: 0))
    }
}
