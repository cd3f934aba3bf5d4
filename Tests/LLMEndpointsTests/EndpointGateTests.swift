import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct EndpointGateTests {
    private let now = Samples.start

    private func gate(maxInflight: Int? = nil, after signals: EndpointSignal...) -> EndpointGate {
        var gate = EndpointGate(
            policy: BreakerPolicy(failureThreshold: 3), maxInflight: maxInflight, misconfiguredRest: .seconds(60))
        for _ in signals { _ = gate.began(at: now) }
        for signal in signals { gate.ended(EndedCall(signal: signal, start: now), at: now) }
        return gate
    }

    @Test(
        arguments: [
            (.seconds(7), .seconds(7)), (.milliseconds(200), .milliseconds(200)), (nil, .seconds(1)),
            (.seconds(120), .seconds(120)),
            (.seconds(86_400), .seconds(120)), (.zero, .milliseconds(50)), (.seconds(-5), .milliseconds(50)),
        ] as [(Duration?, Duration)])
    func `a throttled endpoint rests as long as it asked, within reason`(asked: Duration?, rest: Duration) {
        let gate = gate(after: .throttled(for: asked))
        #expect(gate.opensAt(now) == now + rest)
        #expect(gate.room(at: now) == 0)
        #expect(gate.room(at: now + (rest - .milliseconds(1))) == 0)
        #expect(gate.room(at: now + rest) > 0)
    }

    @Test func `a later answer never shortens a throttle, but may lengthen it`() {
        let throttle = { (seconds: Int) in EndpointSignal.throttled(for: .seconds(seconds)) }
        #expect(gate(after: throttle(10), throttle(2), .healthy, .silent).opensAt(now) == now + .seconds(10))
        #expect(gate(after: throttle(2), throttle(10)).opensAt(now) == now + .seconds(10))
    }

    @Test func `a gate that lets calls through again is told from one that was only busy`() {
        let closed = gate(after: .unhealthy(), .unhealthy(), .unhealthy())
        var probing = closed
        probing.grantProbe(until: now + .seconds(99))
        #expect(!probing.hasOpened(since: closed, at: now) && probing.hasOpened(since: closed, at: now + .seconds(30)))
        _ = probing.began(at: now + .seconds(30))
        var well = probing
        well.ended(EndedCall(signal: .healthy, isProbe: true, start: now + .seconds(30)), at: now + .seconds(31))
        #expect(well.hasOpened(since: probing, at: now + .seconds(31)))
        var busy = gate(maxInflight: 1)
        _ = busy.began(at: now)
        #expect(!gate(maxInflight: 1).hasOpened(since: busy, at: now))
    }

    @Test func `being full is not being ill`() {
        var gate = gate()
        for _ in 0..<100 {
            _ = gate.began(at: now)
            gate.ended(EndedCall(signal: .throttled(for: nil), start: now), at: now)
        }
        #expect(gate.breaker.state == .closed(failures: 0))
        #expect(gate.inflight == 0)
    }

    @Test func `a misconfigured endpoint rests, and is not ill`() {
        let gate = gate(
            after: .misconfigured("forbidden"), .misconfigured("forbidden"), .misconfigured("forbidden"),
            .misconfigured("forbidden"))
        #expect(gate.opensAt(now) == now + .seconds(60))
        #expect(gate.room(at: now) == 0 && gate.isProbeDue(at: now + .seconds(60)))
        #expect(gate.breaker.state == .closed(failures: 0))
    }

    @Test func `an ill endpoint rests for the cooldown, then lets one call through`() {
        var gate = gate(maxInflight: 10, after: .unhealthy(), .unhealthy(), .unhealthy())
        let later = now + .seconds(30)
        #expect(gate.room(at: now) == 0 && gate.opensAt(now) == later)
        #expect(gate.room(at: later) == 0 && gate.isProbeDue(at: later))
        gate.grantProbe(until: later + .seconds(5))
        #expect(gate.room(at: later) == 1)
        let isProbe = gate.began(at: later)
        #expect(isProbe)
        #expect(gate.room(at: later) == 0 && gate.opensAt(later) == nil && !gate.isProbeDue(at: later))
        gate.ended(EndedCall(signal: .healthy, isProbe: true, start: later), at: later)
        #expect(gate.room(at: later) == 10)
    }

    @Test func `the probe fits into the limit, too`() {
        var gate = gate(maxInflight: 1, after: .unhealthy(), .unhealthy(), .unhealthy())
        _ = gate.began(at: now)
        gate.grantProbe(until: now + .seconds(60))
        #expect(gate.room(at: now + .seconds(30)) == 0)
    }

    @Test func `the gate that opens last decides`() {
        let gate = gate(
            after: .throttled(for: .seconds(90)), .misconfigured("forbidden"), .unhealthy(), .unhealthy(), .unhealthy())
        #expect(gate.opensAt(now) == now + .seconds(90))
        #expect(gate.opensAt(now + .seconds(89)) == now + .seconds(90))
        #expect(gate.opensAt(now + .seconds(90)) == nil)
    }

    @Test func `room is what the limit leaves`() {
        var gate = gate(maxInflight: 2)
        #expect(gate.room(at: now) == 2)
        _ = gate.began(at: now)
        _ = gate.began(at: now)
        #expect(gate.room(at: now) == 0 && gate.opensAt(now) == nil)
        _ = gate.began(at: now)
        #expect(gate.room(at: now) == 0)
        for signal in [EndpointSignal.silent, .healthy, .silent] {
            gate.ended(EndedCall(signal: signal, start: now), at: now)
        }
        #expect(gate.room(at: now) == 2 && gate.inflight == 0)
    }
}
