import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct AdmittedRateTests {
    private let now = Samples.start

    @Test func `what comes evenly is told as it comes, at any moment`() {
        var rate = AdmittedRate()
        for tenth in 0..<1_000 {
            rate.add(50, at: now + .milliseconds(100 * tenth))
            guard tenth > 100 else { continue }
            #expect(abs(rate.perSecond(at: now + .milliseconds(100 * tenth)) / 500 - 1) < 0.02)
        }
    }

    @Test func `it follows a change within twenty seconds, and nothing is left when it is idle`() {
        var rate = AdmittedRate()
        for second in 0..<60 { rate.add(100, at: now + .seconds(second)) }
        for second in 60..<80 { rate.add(900, at: now + .seconds(second)) }
        #expect(rate.perSecond(at: now + .seconds(80)) > 890)
        #expect(rate.perSecond(at: now + .seconds(90)) < 500)
        #expect(rate.perSecond(at: now + .seconds(100)) == 0)
    }

    @Test func `what is given back counts less, but never below nothing`() {
        var rate = AdmittedRate()
        rate.add(1_000, at: now)
        rate.add(-400, at: now + .seconds(1))
        #expect(rate.perSecond(at: now + .seconds(1)) == 60)
        rate.add(-1_000, at: now + .seconds(25))
        #expect(rate.perSecond(at: now + .seconds(25)) == 0)
    }

    @Test func `a clock that was set back does no harm`() {
        var rate = AdmittedRate()
        rate.add(100, at: now)
        rate.add(100, at: now + .seconds(-3_600))
        #expect(rate.perSecond(at: now + .seconds(-3_600)) == 20)
    }

    @Test func `processes that share an endpoint use it as much as their shares add up to`() {
        var meters = [0, 1].map { _ in TokenMeter(EndpointCapacity(tokensPerSecond: 1_000)) }
        #expect(meters[0].utilization(at: now) == 0)
        for second in 0...30 {
            meters[0].admit(300, at: now + .seconds(second))
            meters[1].admit(900, at: now + .seconds(second))
            meters[1].correct(by: -500, at: now + .seconds(second))
        }
        let sum = meters.map { $0.utilization(at: now + .milliseconds(30_999)) }.reduce(0, +)
        #expect(abs(sum - 0.7) < 0.1)
    }
}
