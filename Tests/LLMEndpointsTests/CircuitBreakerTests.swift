import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct CircuitBreakerTests {
    enum Step: Sendable {
        case succeeds, fails, probeSucceeds, probeFails, isUnreachable
        case passes(Duration)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
        let state: CircuitBreaker.State

        init(_ testDescription: String, steps: [Step], state: CircuitBreaker.State) {
            self.testDescription = testDescription
            self.steps = steps
            self.state = state
        }
    }

    private static let start = Samples.start
    private static let fiveFailures = Array(repeating: Step.fails, count: 5)
    private static let untilProbe = fiveFailures + [.passes(.seconds(30))]

    private static func open(
        _ seconds: Int, round: Int = 1, isUnreachable: Bool = false
    ) -> CircuitBreaker.State {
        .open(.init(until: start + .seconds(seconds), round: round, isUnreachable: isUnreachable))
    }

    @Test(arguments: [
        Row("new", steps: [], state: .closed(failures: 0)),
        Row("four failures", steps: [.fails, .fails, .fails, .fails], state: .closed(failures: 4)),
        Row("five failures", steps: fiveFailures, state: open(30)),
        Row(
            "a success between", steps: [.fails, .fails, .fails, .fails, .succeeds, .fails],
            state: .closed(failures: 1)),
        Row("the probe succeeds", steps: untilProbe + [.probeSucceeds], state: .closed(failures: 0)),
        Row("the probe fails: twice as long", steps: untilProbe + [.probeFails], state: open(90, round: 2)),
        Row(
            "each probe that fails doubles the time, up to the longest",
            steps: untilProbe + Array(repeating: .probeFails, count: 9), state: open(330, round: 10)),
        Row(
            "after a probe that succeeded, the time is short again",
            steps: untilProbe + [.probeFails, .probeSucceeds] + fiveFailures, state: open(60)),
        Row(
            "late failures of older calls do not lengthen the cooldown",
            steps: fiveFailures + [.passes(.seconds(10)), .fails, .fails], state: open(30)),
        Row("a late success of an older call does not close it", steps: fiveFailures + [.succeeds], state: open(30)),
        Row(
            "an endpoint that was not reached", steps: Array(repeating: .isUnreachable, count: 5),
            state: open(30, isUnreachable: true)),
    ])
    func `what happened decides who may pass`(row: Row) {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        var now = Self.start
        for step in row.steps {
            switch step {
            case .succeeds: breaker.succeeded(at: now)
            case .fails: breaker.failed(at: now)
            case .isUnreachable: breaker.failed(isUnreachable: true, at: now)
            case .probeSucceeds: breaker.succeeded(isProbe: true, at: now)
            case .probeFails: breaker.failed(isProbe: true, at: now)
            case .passes(let time): now = now + time
            }
        }
        #expect(breaker.state == row.state)
    }

    @Test func `a threshold of one opens at the first failure`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1, cooldown: .seconds(2)))
        breaker.failed(at: Self.start)
        #expect(breaker.opening?.until == Self.start + .seconds(2))
    }

    @Test(arguments: [true, false])
    func `half of the last calls failing opens it, but never the last endpoint`(isLast: Bool) {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        for call in 0..<20 {
            if call.isMultiple(of: 2) {
                breaker.failed(isLast: isLast, at: Self.start)
            } else {
                breaker.succeeded(isLast: isLast, at: Self.start)
            }
        }
        #expect((breaker.opening == nil) == isLast)
    }

    @Test(arguments: [true, false])
    func `half of the last calls being slow opens it, but never the last endpoint`(isLast: Bool) {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        for call in 0..<20 { breaker.succeeded(isSlow: call >= 10, isLast: isLast, at: Self.start) }
        #expect((breaker.opening == nil) == isLast)
    }

    @Test func `nineteen slow calls are too few to believe`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        for _ in 0..<19 { breaker.succeeded(isSlow: true, at: Self.start) }
        #expect(breaker.opening == nil)
        breaker.succeeded(isSlow: true, at: Self.start)
        #expect(breaker.opening != nil)
    }

    @Test func `a probe that is slow does not close it`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1))
        breaker.failed(at: Self.start)
        breaker.succeeded(isProbe: true, isSlow: true, at: Self.start + .seconds(30))
        #expect(breaker.opening?.round == 2)
    }

    @Test func `calls of long ago say nothing of now`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        for _ in 0..<19 { breaker.succeeded(isSlow: true, at: Self.start) }
        breaker.succeeded(isSlow: true, at: Self.start + .seconds(31))
        #expect(breaker.opening == nil)
    }

    @Test func `an endpoint that can be reached again need not wait for its probe`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1))
        breaker.failed(isUnreachable: true, at: Self.start)
        breaker.wasReached(at: Self.start + .seconds(3))
        #expect(breaker.opening?.until == Self.start + .seconds(3))
        var ill = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1))
        ill.failed(at: Self.start)
        ill.wasReached(at: Self.start + .seconds(3))
        #expect(ill.opening?.until == Self.start + .seconds(30))
    }

    @Test func `what another process found counts as one's own, if it is worse`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        breaker.heard(HealthGate(closedFor: .seconds(60), round: 2), at: Self.start)
        #expect(breaker.state == Self.open(60, round: 2))
        breaker.heard(HealthGate(closedFor: .seconds(90), round: 1), at: Self.start)
        #expect(breaker.state == Self.open(60, round: 2))
        breaker.heard(HealthGate(closedFor: .seconds(10), round: 3), at: Self.start)
        #expect(breaker.state == Self.open(10, round: 3))
    }
}
