import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct ConcurrencyLimitTests {
    private let now = Samples.start

    private func limited(at inflight: Int) -> ConcurrencyLimit {
        var limit = ConcurrencyLimit()
        limit.throttled(inflight: inflight, begunAt: now, at: now)
        return limit
    }

    @Test func `without a 429 nothing limits`() {
        var limit = ConcurrencyLimit()
        limit.answered(inflight: 1_000, at: now)
        #expect(limit.room(inflight: 1_000, at: now) == .max)
    }

    @Test(arguments: [(100, 80), (10, 8), (2, 1), (1, 1)])
    func `a 429 lowers the limit to a fifth less than was under way, and never to nothing`(inflight: Int, room: Int) {
        #expect(limited(at: inflight).room(inflight: 0, at: now) == room)
        #expect(limited(at: inflight).room(inflight: 200, at: now) == 0)
    }

    @Test func `the 429s of calls that were under way by then lower it no further`() {
        var limit = limited(at: 100)
        for _ in 0..<50 { limit.throttled(inflight: 90, begunAt: now + .seconds(-1), at: now + .seconds(1)) }
        #expect(limit.room(inflight: 0, at: now) == 80)
        limit.throttled(inflight: 80, begunAt: now + .seconds(1), at: now + .seconds(2))
        #expect(limit.room(inflight: 0, at: now + .seconds(2)) == 64)
    }

    @Test func `it grows by a tenth, and one, for as many answers as it bears at once`() {
        var limit = limited(at: 125)
        for _ in 0..<100 { limit.answered(inflight: 100, at: now) }
        #expect((110...112).contains(limit.room(inflight: 0, at: now)))
    }

    @Test func `a limit that is not used does not grow`() {
        var limit = limited(at: 125)
        for _ in 0..<1_000 { limit.answered(inflight: 79, at: now) }
        #expect(limit.room(inflight: 0, at: now) == 100)
    }

    @Test(arguments: [(29, 80), (30, 160), (89, 320), (90, 640), (3_600, 1_000_000_000), (1_000_000, 1_000_000_000)])
    func `an old limit is believed less and less`(seconds: Int, room: Int) {
        #expect(limited(at: 100).room(inflight: 0, at: now + .seconds(seconds)) == room)
    }
}

@Suite struct ThrottleBackoffTests {
    private let now = Samples.start

    @Test func `an endpoint that never says for how long rests twice as long each time`() {
        var backoff = ThrottleBackoff()
        var at = now
        var rests: [Duration] = []
        for _ in 0..<8 {
            let rest = backoff.next(begunAt: at, at: at)
            rests.append(rest)
            at = at + rest
        }
        #expect(rests == [1, 2, 4, 8, 16, 32, 32, 32].map { .seconds($0) })
        backoff.answered()
        #expect(backoff.next(begunAt: at, at: at) == .seconds(1))
    }

    @Test func `calls that were under way together are one refusal`() {
        var backoff = ThrottleBackoff()
        for _ in 0..<100 { #expect(backoff.next(begunAt: now, at: now + .milliseconds(5)) == .seconds(1)) }
    }
}
