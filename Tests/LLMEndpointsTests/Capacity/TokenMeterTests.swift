import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct TokenMeterTests {
    private let now = Samples.start

    /// 1000 tokens a second, of which ten seconds' worth may be admitted at once.
    private func meter(isAlone: Bool = true) -> TokenMeter {
        var meter = TokenMeter(EndpointCapacity(tokensPerSecond: 1000))
        if isAlone { meter.ownsAll() }
        return meter
    }

    @Test func `a call is admitted while there is room, and may take more than that`() {
        var meter = meter()
        #expect(meter.room(at: now) == 10_000 && meter.opensAt(now) == nil)
        meter.admit(9_999, at: now)
        #expect(meter.calls(at: now) == 1)
        meter.admit(2_001, at: now)
        #expect(meter.room(at: now) == -2_000 && meter.calls(at: now) == 0)
    }

    @Test func `it fills up by its rate, and never beyond the brim`() {
        var meter = meter()
        meter.admit(12_000, at: now)
        #expect(meter.opensAt(now) == now + .milliseconds(2_001))
        #expect(meter.calls(at: now + .seconds(2)) == 0 && meter.calls(at: now + .milliseconds(2_001)) == 1)
        #expect(meter.room(at: now + .seconds(7)) == 5_000 && meter.room(at: now + .seconds(99)) == 10_000)
    }

    @Test func `what a call did not need comes back, and what it needed besides is taken`() {
        var meter = meter()
        meter.admit(5_000, at: now)
        meter.correct(by: -3_000, at: now)
        #expect(meter.room(at: now) == 8_000 && meter.taken == 2_000)
        meter.correct(by: 9_000, at: now)
        #expect(meter.room(at: now) == -1_000 && meter.taken == 11_000)
    }

    @Test func `an endpoint that says it is full is full for that long, and never less than it was`() {
        var meter = meter()
        meter.filled(for: .seconds(3), at: now)
        #expect(meter.opensAt(now) == now + .milliseconds(3_001))
        meter.filled(for: .seconds(1), at: now)
        #expect(meter.opensAt(now) == now + .milliseconds(3_001))
    }

    @Test func `a report tells what was taken since the last one, and whether there was work lately`() {
        var meter = meter()
        #expect(meter.report(at: now) == TokenReport(rate: 1000, burst: 10_000, taken: 0, isUsing: false))
        meter.admit(500, at: now)
        #expect(meter.report(at: now) == TokenReport(rate: 1000, burst: 10_000, taken: 500, isUsing: true))
        #expect(
            meter.report(at: now + .seconds(3)) == TokenReport(rate: 1000, burst: 10_000, taken: 0, isUsing: false))
    }

    @Test func `the fleet's room is shared among those who use it, less what was taken since the report`() {
        var meter = meter(isAlone: false)
        meter.admit(10, at: now + .milliseconds(-100))
        _ = meter.report(at: now + .milliseconds(-100))
        meter.admit(100, at: now)
        meter.measured(TokenRoom(tokens: 6_000, rate: 1000, burst: 10_000, sharers: 3), at: now)
        // Its part of a call of each other process is kept free; calls took 908 on average.
        let kept = 908.0 * 2 / 3
        #expect(abs(meter.room(at: now) - (1_900 - kept)) < 0.1)
        #expect(abs(meter.room(at: now + .seconds(1)) - (2_233.3 - kept)) < 0.1)
        #expect(abs(meter.room(at: now + .seconds(60)) - (3_333.3 - kept)) < 0.1)
    }

    @Test func `a shared room has to be enough for a call of each, for all see it at once`() {
        var meter = meter(isAlone: false)
        for _ in 0..<200 {
            meter.admit(90, at: now + .milliseconds(-100))
            _ = meter.report(at: now + .milliseconds(-100))
        }
        func isOpen(fleet: Double) -> Bool {
            meter.measured(TokenRoom(tokens: fleet, rate: 1000, burst: 10_000, sharers: 3), at: now)
            return meter.room(at: now) > 0
        }
        #expect(isOpen(fleet: 182) && !isOpen(fleet: 178))
    }

    @Test func `a process that has just begun takes little, until all that begin with it are counted`() {
        var meter = meter(isAlone: false)
        func exchange(at moment: Timestamp) {
            _ = meter.report(at: moment)
            meter.measured(TokenRoom(tokens: 9_000, rate: 1000, burst: 10_000), at: moment)
        }
        #expect(meter.room(at: now) == 250)
        exchange(at: now)
        #expect(meter.room(at: now) == 250)
        meter.admit(250, at: now)
        exchange(at: now)
        #expect(meter.room(at: now) == 250)
        exchange(at: now + .milliseconds(100))
        #expect(meter.room(at: now + .milliseconds(100)) == 9_000)
        exchange(at: now + .seconds(4))
        #expect(meter.room(at: now + .seconds(4)) == 250)
    }

    @Test func `how many calls fit is told by what calls took`() {
        var meter = meter()
        #expect(meter.calls(at: now) == 10 && meter.callsPerSecond == 1)
        for _ in 0..<200 {
            meter.admit(100, at: now)
            meter.correct(by: -100, at: now)
        }
        #expect(meter.calls(at: now) > 95 && abs(meter.callsPerSecond - 10) < 0.1)
    }

    @Test func `what a fleet bears is told by what calls turned out to take`() {
        var meter = meter()
        for _ in 0..<200 {
            meter.admit(1_000, at: now)
            meter.correct(by: -900, at: now)
            meter.answered(100)
        }
        #expect(abs(meter.callsPerSecond - 10) < 0.1)
        // But each is admitted as what it may take.
        #expect(meter.calls(at: now + .seconds(60)) == 10)
    }

    @Test func `a clock that steps back costs nothing`() {
        var meter = meter()
        meter.admit(5_000, at: now)
        #expect(meter.room(at: now + .seconds(-60)) == 5_000)
        meter.admit(1_000, at: now + .seconds(-60))
        #expect(meter.room(at: now) == 4_000)
    }
}
