import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

/// What a finished call changes in the pool.
@Suite struct EndedCallTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    private func pool(_ endpoints: EndpointConfiguration...) -> PoolState {
        var pool = PoolState(
            PoolConfiguration(endpoints: endpoints, retryBudget: RetryBudgetPolicy(ratio: 0.2, reserve: 0)))
        pool.elect(at: now)
        return pool
    }

    private mutating func begin(_ pool: inout PoolState, _ index: Int, isRetry: Bool = false) throws -> StartedCall {
        let tried = Set(pool.endpoints.indices.filter { $0 != index }.map { pool.endpoints[$0].name })
        let needs = CallNeeds(
            model: "gpt-4o", tried: tried, spill: .immediate, isRetry: isRetry,
            tokens: CallTokens(prompt: 100, output: 50))
        let choice = pool.choose(needs, at: now, random: &random)
        guard case .call(let call) = choice, call.endpoint == index else { throw Missed() }
        return call
    }

    private struct Missed: Error {}

    private func answered(_ usage: TokenUsage?, isSpillover: Bool = false) -> Classified {
        Classified(
            outcome: .answered(Samples.result()), signal: isSpillover ? .spilledOver : .healthy, billed: .yes,
            usage: usage, isSpillover: isSpillover)
    }

    private func failed(_ failure: CallFailure, _ signal: EndpointSignal, _ billed: Attempt.Billed) -> Classified {
        Classified(outcome: .failed(failure), signal: signal, billed: billed)
    }

    @Test mutating func `a bucket is set right by what the call really took`() throws {
        let usage = TokenUsage(promptTokens: 90, completionTokens: 10, cachedTokens: 40)
        for (classified, taken) in [
            (answered(usage), 90.0), (answered(nil), 300), (answered(usage, isSpillover: true), 0),
            (failed(Samples.throttled(nil), .throttled(for: nil), .no), 0),
            (failed(Samples.failure("timeout"), .unhealthy(), .maybe), 300),
            (failed(Samples.failure(), .unhealthy(), .no), 0),
        ] {
            var pool = pool(provisioned("a"))
            let call = try begin(&pool, 0)
            #expect(call.estimate == 300)
            pool.ended(call, classified, at: now)
            #expect(pool.gates[0].meter?.taken == taken && pool.gates[0].inflight == 0)
        }
    }

    @Test mutating func `calls that were turned away, or never went out, neither earn nor cost retries`() throws {
        let free = [
            failed(Samples.throttled(nil), .silent, .no), failed(Samples.cancelled, .silent, .no),
            failed(Samples.failure("connection_failed", isEndpointsFault: true), .silent, .no),
        ]
        for classified in free {
            for isRetry in [true, false] {
                var pool = pool(endpoint("a"))
                pool.budget.measured(1, at: now)
                let call = try begin(&pool, 0, isRetry: isRetry)
                pool.ended(call, classified, at: now)
                #expect(!pool.budget.hasNews)
            }
        }
        var pool = pool(endpoint("a"))
        pool.budget.measured(1, at: now)
        let call = try begin(&pool, 0, isRetry: true)
        pool.ended(call, failed(Samples.failure(), .silent, .no), at: now)
        #expect(pool.budget.hasNews && !pool.budget.allows(at: now))
    }

    /// Twenty quick answers of each of `quick`, then as many of `slow` that take ten times as long.
    private mutating func slowPool(
        _ slow: Int, _ endpoints: [EndpointConfiguration],
        usage: TokenUsage? = .init(promptTokens: 9, completionTokens: 100)
    ) throws -> PoolState {
        var pool = PoolState(PoolConfiguration(endpoints: endpoints))
        pool.elect(at: now)
        for index in pool.endpoints.indices where index != slow {
            for _ in 0..<20 {
                let call = try begin(&pool, index)
                pool.ended(
                    call, answered(TokenUsage(promptTokens: 9, completionTokens: 100)), at: now + .seconds(1))
            }
        }
        for _ in 0..<20 where pool.gates[slow].isWell {
            let call = try begin(&pool, slow)
            pool.ended(call, answered(usage), at: now + .seconds(10))
        }
        return pool
    }

    @Test mutating func `an endpoint that answers much slower than another is left alone for a while`() throws {
        let pool = try slowPool(0, [endpoint("a"), endpoint("b")])
        #expect(pool.gates.map(\.isWell) == [false, true])
    }

    @Test mutating func `the last of its kind is kept, however slow`() throws {
        #expect(try slowPool(0, [endpoint("a")]).gates[0].isWell)
        // Only what costs extra is quicker.
        #expect(try slowPool(0, [provisioned("ptu", perSecond: 1e6), endpoint("paid")]).gates[0].isWell)
    }

    @Test mutating func `an answer that does not say how long it is cannot be called slow`() throws {
        #expect(try slowPool(0, [endpoint("a"), endpoint("b")], usage: nil).gates[0].isWell)
    }

    @Test func `an endpoint that serves every model is not compared with one that serves a quick one`() {
        var pool = pool(endpoint("any", model: nil), endpoint("mini", model: "mini"))
        for _ in 0..<20 { pool.gates[1].answered(after: .seconds(1), output: 100, at: now) }
        for _ in 0..<20 {
            pool.gates[0].inflight += 1
            let call = StartedCall(endpoint: 0, start: now, model: "o3")
            pool.ended(call, answered(TokenUsage(promptTokens: 9, completionTokens: 100)), at: now + .seconds(10))
        }
        #expect(pool.gates[0].isWell)
    }

    @Test func `a slow probe of the last endpoint opens it`() {
        for isLast in [true, false] {
            var breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1))
            breaker.failed(at: now)
            breaker.succeeded(isProbe: true, isSlow: true, isLast: isLast, at: now + .seconds(30))
            #expect((breaker.opening == nil) == isLast)
        }
    }

    @Test func `an endpoint that was out and fails its probe otherwise is not ill at once`() {
        var pool = pool(endpoint("a"))
        pool.gates[0].out = EndpointGate.Out(until: now, reason: "forbidden")
        pool.elect(at: now)
        let isProbe = pool.gates[0].began(at: now)
        pool.gates[0].ended(EndedCall(signal: .unhealthy(), isProbe: isProbe, start: now), at: now)
        #expect(isProbe && pool.gates[0].breaker.state == .closed(failures: 1) && pool.gates[0].out != nil)
    }

    @Test func `without a fleet a refused key closes the endpoint until its rest is over`() {
        var pool = pool(endpoint("a"))
        _ = pool.gates[0].began(at: now)
        pool.ended(0, .unauthorized, at: now)
        pool.elect(at: now)
        #expect(pool.gates[0].opensAt(now) == now + .seconds(60))
        pool.elect(at: now + .seconds(60))
        #expect(pool.gates[0].room(at: now + .seconds(60)) == 1)
    }

    @Test func `an endpoint that is full and never says for how long rests longer each time`() {
        var gate = pool(endpoint("a")).gates[0]
        var at = now
        for seconds in [1, 2, 4] {
            _ = gate.began(at: at)
            gate.ended(EndedCall(signal: .throttled(for: nil), start: at), at: at)
            #expect(gate.opensAt(at) == at + .seconds(seconds))
            at = at + .seconds(seconds)
        }
    }
}

@Suite struct SmallGateValuesTests {
    private let now = Samples.start

    @Test func `the last 32 calls are remembered`() {
        var window = CallWindow()
        #expect(window.failureRate == 0 && window.slowRate == 0)
        for call in 0..<40 { window.record(isFailure: call < 20, isSlow: call >= 32, at: now) }
        #expect(window.count == 32 && window.failureRate == 12.0 / 32 && window.slowRate == 8.0 / 32)
        window.record(isFailure: true, isSlow: false, at: now + .milliseconds(30_001))
        #expect(window.count == 1 && window.failureRate == 1)
    }

    @Test func `pace is time for a token, and known after ten answers for two minutes`() {
        var speed = EndpointSpeed()
        for _ in 0..<9 { speed.answered(after: .seconds(3), output: 250, at: now) }
        #expect(speed.pace(at: now) == nil && speed.time == .seconds(3))
        speed.answered(after: .seconds(3), output: nil, at: now)
        #expect(speed.pace(at: now) == nil)
        speed.answered(after: .seconds(3), output: 250, at: now)
        #expect(speed.pace(at: now).map { abs($0 - 0.01) < 1e-9 } == true)
        #expect(speed.pace(at: now + .seconds(120)) == nil)
    }

    @Test(
        arguments: [
            (5_000, 50, 0.01, true), (3_900, 50, 0.01, false), (249, 0, 0.000_1, false), (251, 0, 0.000_1, true),
            (60_000, 5_950, 0.01, false), (60_000, 50, nil, false), (60_000, nil, 0.01, false),
        ] as [(Int, Int?, Double?, Bool)])
    func `slow is four times as long as another would have taken`(
        milliseconds: Int, output: Int?, quickest: Double?, isSlow: Bool
    ) {
        #expect(EndpointSpeed.isSlow(.milliseconds(milliseconds), output: output, besides: quickest) == isSlow)
    }
}
