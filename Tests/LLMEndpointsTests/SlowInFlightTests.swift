import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct InflightAgesTests {
    private let now = Samples.start

    @Test func `calls grow older, and are forgotten when they end`() {
        var ages = InflightAges()
        for second in 0..<5 { ages.began(at: now + .seconds(second)) }
        let later = now + .milliseconds(5125)
        #expect((0...5).map { ages.olderThan(.seconds($0), at: later) } == [5, 5, 4, 3, 2, 1])
        ages.ended(begunAt: now + .seconds(1))
        #expect(ages.olderThan(.seconds(2), at: later) == 3 && ages.olderThan(.seconds(5), at: later) == 1)
    }

    @Test func `what began before the steps that are kept is still counted, and still ends`() {
        var ages = InflightAges()
        ages.began(at: now)
        ages.began(at: now + .seconds(60))
        #expect(ages.olderThan(.seconds(30), at: now + .seconds(60)) == 1)
        ages.ended(begunAt: now)
        #expect(ages.olderThan(.seconds(30), at: now + .seconds(60)) == 0)
        #expect(ages.olderThan(.seconds(30), at: now + .seconds(120)) == 1)
    }

    @Test func `any order of beginnings and ends leaves nothing behind`() {
        var ages = InflightAges()
        var random = SeededGenerator(seed: 5)
        var open: [Timestamp] = []
        var time = now
        for _ in 0..<5000 {
            time = time + .milliseconds(Int64.random(in: 0...200, using: &random))
            if Bool.random(using: &random) || open.isEmpty {
                ages.began(at: time)
                open.append(time)
            } else {
                ages.ended(begunAt: open.remove(at: Int.random(in: open.indices, using: &random)))
            }
            #expect(ages.olderThan(.seconds(-1), at: time) == open.count)
        }
    }
}

@Suite struct SlowInFlightTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    /// Three endpoints that have answered in 300 ms so far, with calls under way at each of them.
    private func pool(_ count: Int = 3) -> PoolState {
        let endpoints = (0..<count).map { endpoint("e\($0)") }
        var pool = PoolState(PoolConfiguration(endpoints: endpoints))
        for index in endpoints.indices {
            for _ in 0..<20 { pool.gates[index].answered(after: .milliseconds(300), output: 40, at: now) }
            for _ in 0..<6 { _ = pool.gates[index].began(at: now) }
        }
        return pool
    }

    private func end(_ pool: inout PoolState, _ index: Int) {
        for _ in 0..<6 {
            pool.gates[index].ended(EndedCall(signal: .healthy, start: now), at: now)
            _ = pool.gates[index].began(at: now + .milliseconds(1200))
        }
    }

    @Test func `an endpoint whose calls hang while those of others end is closed before they end`() {
        var pool = pool()
        end(&pool, 1)
        end(&pool, 2)
        pool.closeSlow(at: now + .milliseconds(1100))
        #expect(pool.gates.allSatisfy { $0.isWell })
        pool.closeSlow(at: now + .milliseconds(1500))
        #expect(pool.gates.map(\.isWell) == [false, true, true])
    }

    @Test func `long answers are long everywhere, and close nothing`() {
        var pool = pool()
        pool.closeSlow(at: now + .seconds(60))
        #expect(pool.gates.allSatisfy { $0.isWell })
    }

    @Test func `the last endpoint stays, however slow it is`() {
        var pool = pool(1)
        pool.closeSlow(at: now + .seconds(60))
        #expect(pool.gates.allSatisfy { $0.isWell })
    }
}

@Suite struct BrimCautionTests {
    private let now = Samples.start
    private let capacity = EndpointCapacity(tokensPerSecond: 1000, burst: .seconds(10))

    @Test func `a refusal where there should have been room keeps the bucket lower from then on`() {
        var meter = TokenMeter(capacity)
        meter.ownsAll()
        meter.admit(4000, at: now)
        #expect(meter.room(at: now) == 6000)
        // It is full, and 500 ms more: 6,500 tokens less than believed. A second's flow is the most that is given up at once.
        meter.refused(for: .milliseconds(500), at: now)
        #expect(meter.room(at: now) == -1000)
        #expect(meter.room(at: now + .milliseconds(990)) < 0 && meter.room(at: now + .milliseconds(1010)) > 0)
    }

    @Test func `a refusal that was to be expected teaches nothing`() {
        var meter = TokenMeter(capacity)
        meter.ownsAll()
        meter.admit(10_500, at: now)
        meter.refused(for: .milliseconds(500), at: now)
        #expect(meter.room(at: now + .milliseconds(501)) > 0)
    }

    @Test func `the lesson is forgotten by half in a minute`() {
        var caution = BrimCaution()
        caution.learn(800, at: now)
        #expect(abs(caution.tokens(at: now + .seconds(60)) - 400) < 1)
        #expect(caution.tokens(at: now + .seconds(3600)) < 1)
    }
}
