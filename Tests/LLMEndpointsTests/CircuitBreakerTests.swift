import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct CircuitBreakerTests {
    enum Step: Sendable {
        case succeeds, fails, saysNothing, begins
        case passes(Duration)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
        let state: CircuitBreaker.State
        let admits: Bool

        init(_ testDescription: String, steps: [Step], state: CircuitBreaker.State, admits: Bool) {
            self.testDescription = testDescription
            self.steps = steps
            self.state = state
            self.admits = admits
        }
    }

    private static let start = Samples.start
    private static let fiveFailures = Array(repeating: Step.fails, count: 5)
    private static let untilProbe = fiveFailures + [.passes(.seconds(30)), .begins]
    private static let reopened = CircuitBreaker.State.open(until: start + .seconds(60))

    @Test(arguments: [
        Row("new", steps: [], state: .closed(failures: 0), admits: true),
        Row(
            "four failures", steps: [.fails, .fails, .fails, .fails], state: .closed(failures: 4),
            admits: true),
        Row(
            "five failures", steps: fiveFailures, state: .open(until: start + .seconds(30)),
            admits: false),
        Row(
            "a success between", steps: [.fails, .fails, .fails, .fails, .succeeds, .fails],
            state: .closed(failures: 1), admits: true),
        Row(
            "calls that say nothing", steps: [.fails, .saysNothing, .fails, .saysNothing],
            state: .closed(failures: 2), admits: true),
        Row(
            "just before the cooldown ends",
            steps: fiveFailures + [.passes(.milliseconds(29_999)), .begins],
            state: .open(until: start + .seconds(30)), admits: false),
        Row(
            "the cooldown has passed", steps: fiveFailures + [.passes(.seconds(30))],
            state: .open(until: start + .seconds(30)), admits: true),
        Row("one probe is under way", steps: untilProbe, state: .probing, admits: false),
        Row(
            "the probe succeeds", steps: untilProbe + [.succeeds], state: .closed(failures: 0),
            admits: true),
        Row("the probe fails", steps: untilProbe + [.fails], state: reopened, admits: false),
        Row(
            "the probe says nothing", steps: untilProbe + [.saysNothing],
            state: .open(until: start + .seconds(30)), admits: true),
        Row(
            "late failures of older calls do not lengthen the cooldown",
            steps: fiveFailures + [.passes(.seconds(10)), .fails, .fails], state: .open(until: start + .seconds(30)),
            admits: false),
        Row(
            "a late success of an older call does not close it", steps: fiveFailures + [.succeeds],
            state: .open(until: start + .seconds(30)), admits: false),
        Row(
            "after the probe failed, another cooldown and probe",
            steps: untilProbe + [.fails, .passes(.seconds(30)), .begins, .succeeds], state: .closed(failures: 0),
            admits: true),
    ])
    func `what happened decides who may pass`(row: Row) {
        var breaker = CircuitBreaker(policy: BreakerPolicy())
        var now = Self.start
        for step in row.steps {
            switch step {
            case .succeeds: breaker.succeeded()
            case .fails: breaker.failed(at: now)
            case .saysNothing: breaker.endedWithoutEvidence(at: now)
            case .begins: breaker.began(at: now)
            case .passes(let time): now = now + time
            }
        }
        #expect(breaker.state == row.state)
        #expect(breaker.admits(at: now) == row.admits)
    }

    @Test func `a threshold of one opens at the first failure`() {
        var breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1, cooldown: .seconds(2)))
        breaker.failed(at: Self.start)
        #expect(breaker.state == .open(until: Self.start + .seconds(2)))
        #expect(breaker.opensAt(Self.start) == Self.start + .seconds(2))
        #expect(breaker.opensAt(Self.start + .seconds(2)) == nil)
    }

    @Test func `the metric has its three values`() {
        let states: [CircuitBreaker.State] = [.closed(failures: 3), .probing, .open(until: Self.start)]
        #expect(states.map(\.gaugeValue) == [0, 1, 2])
        #expect(states.map(\.word) == ["closed", "half-open", "open"])
    }
}
