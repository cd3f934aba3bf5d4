import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct SharedThrottleTests {
    private func fleet(_ processes: Int = 3) -> Fleet { Fleet(processes, [endpoint("a")]) }

    @Test func `a throttle that one process sees closes the endpoint to all, for as long`() {
        var fleet = fleet()
        fleet.see(.throttled(for: .seconds(10)), at: 1)
        #expect(fleet.open() == [0, 2])
        fleet.exchangeAll()
        #expect(fleet.open().isEmpty)
        fleet.pass(.milliseconds(9_999))
        #expect(fleet.open().isEmpty)
        fleet.pass(.milliseconds(1))
        #expect(fleet.open() == [0, 1, 2])
    }

    @Test func `a second answer never shortens what the fleet knows`() {
        var fleet = fleet()
        let late = fleet.call(2)
        fleet.see(.throttled(for: .seconds(10)), at: 0)
        fleet.exchangeAll()
        if let late { fleet.end(late, of: 2, .throttled(for: .seconds(1))) }
        fleet.exchangeAll()
        fleet.pass(.seconds(9))
        #expect(fleet.open().isEmpty)
    }

    @Test func `what happens while a report is on its way is told in the next`() {
        var fleet = fleet()
        let calls = [fleet.call(0), fleet.call(0)].compactMap(\.self)
        let report = fleet.report(0)
        for call in calls { fleet.end(call, of: 0, .throttled(for: .seconds(10))) }
        fleet.pools[0].heard(fleet.exchange(report), at: fleet.now)
        #expect(fleet.pools[0].isUrgent(at: fleet.now))
        fleet.exchangeAll()
        #expect(fleet.open().isEmpty)
    }

    @Test func `a lost report is repeated`() {
        var fleet = fleet()
        fleet.see(.throttled(for: .seconds(10)), at: 0)
        let lost = fleet.report(0)
        #expect(!fleet.pools[0].isUrgent(at: fleet.now))
        fleet.pools[0].reportWasLost(lost)
        #expect(fleet.pools[0].isUrgent(at: fleet.now))
        fleet.exchangeAll()
        #expect(fleet.open().isEmpty)
    }

    @Test func `what everybody knows is no news`() {
        var fleet = fleet()
        fleet.see(.throttled(for: .seconds(10)), at: 0)
        fleet.see(.unhealthy(), at: 1)
        fleet.see(.misconfigured("forbidden"), at: 2)
        fleet.exchangeAll()
        for _ in 0..<20 {
            fleet.pass(.milliseconds(50), step: .milliseconds(50))
            #expect(fleet.pools.allSatisfy { !$0.isUrgent(at: fleet.now) })
        }
    }
}
