import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct SharedHealthTests {
    private func illFleet(_ processes: Int = 3, _ signal: EndpointSignal = .unhealthy()) -> Fleet {
        var fleet = Fleet(processes, [endpoint("a")])
        fleet.see(signal, at: 0)
        fleet.exchangeAll()
        return fleet
    }

    @Test func `an endpoint that one process finds ill is closed to all`() {
        var fleet = illFleet()
        #expect(fleet.open().isEmpty)
        fleet.pass(.milliseconds(29_999))
        #expect(fleet.open().isEmpty)
    }

    @Test func `failures in a row are counted across exchanges`() {
        var fleet = Fleet(1, [endpoint("a")], breaker: BreakerPolicy(failureThreshold: 3))
        for _ in 0..<3 {
            fleet.see(.unhealthy(), at: 0)
            fleet.exchange(0)
        }
        #expect(fleet.open().isEmpty)
    }

    @Test func `shares are counted across exchanges`() {
        var fleet = Fleet(1, [endpoint("a"), endpoint("b")], breaker: BreakerPolicy())
        for call in 0..<20 {
            fleet.pools[0].gates[0].inflight += 1
            let ended = EndedCall(signal: call.isMultiple(of: 2) ? .unhealthy() : .healthy, start: fleet.now)
            fleet.pools[0].gates[0].ended(ended, at: fleet.now)
            fleet.exchange(0)
        }
        #expect(fleet.open().isEmpty && fleet.open(1) == [0])
    }

    @Test(arguments: [Duration.seconds(1), .seconds(30), .seconds(110)])
    func `one process probes, however long its call takes`(time: Duration) throws {
        var fleet = illFleet()
        fleet.pass(.seconds(31))
        #expect(fleet.open().count == 1)
        let prober = try #require(fleet.open().first)
        let probeCall = fleet.call(prober)
        let probe = try #require(probeCall)
        #expect(probe.isProbe)
        for _ in 0..<Int(time.inSeconds) {
            fleet.pass(.seconds(1), step: .seconds(1))
            #expect(fleet.open().isEmpty)
        }
        fleet.end(probe, of: prober, .healthy)
        fleet.exchangeAll()
        #expect(fleet.open() == [0, 1, 2])
    }

    @Test func `a probe that fails keeps the endpoint closed to all for twice as long`() throws {
        var fleet = illFleet()
        fleet.pass(.seconds(31))
        let prober = try #require(fleet.open().first)
        fleet.see(.unhealthy(), at: prober)
        fleet.pass(.milliseconds(59_999))
        #expect(fleet.open().isEmpty)
        fleet.pass(.seconds(2))
        #expect(fleet.open().count == 1)
    }

    @Test func `a probe that says nothing is made again`() throws {
        var fleet = illFleet()
        fleet.pass(.seconds(31))
        let prober = try #require(fleet.open().first)
        fleet.see(.silent, at: prober)
        #expect(fleet.open().isEmpty)
        fleet.pass(.seconds(1))
        #expect(fleet.open().count == 1)
    }

    @Test func `a process that has no use for the probe leaves it to another, and there is never more than one`() {
        var fleet = illFleet(2)
        fleet.pass(.seconds(30))
        var had: Set<Int> = []
        for _ in 0..<200 {
            fleet.pass(.milliseconds(100), step: .milliseconds(100))
            #expect(fleet.open().count <= 1)
            had.formUnion(fleet.open())
        }
        #expect(had == [0, 1])
    }

    @Test func `a process that dies with the probe keeps it for seconds only`() throws {
        var fleet = illFleet()
        fleet.pass(.seconds(31))
        let prober = try #require(fleet.open().first)
        let probe = fleet.call(prober)
        #expect(probe?.isProbe == true)
        fleet.dead = [prober]
        fleet.pass(.seconds(3))
        #expect(fleet.open().isEmpty)
        fleet.pass(.seconds(3))
        #expect(fleet.open().count == 1)
    }

    @Test func `what the fleet finds well is open also to a process whose own probe is under way`() throws {
        var fleet = illFleet(2)
        fleet.pass(.seconds(31))
        let prober = try #require(fleet.open().first)
        let probeCall = fleet.call(prober)
        let probe = try #require(probeCall)
        fleet.pools[prober].heard(EndpointStanding(endpoint: "a"), at: fleet.now)
        #expect(fleet.open().contains(prober))
        // And its late failure is one of many.
        fleet.pools[prober].gates[0].breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 2))
        fleet.end(probe, of: prober, .unhealthy())
        #expect(fleet.open().contains(prober))
    }

    @Test func `a recovery whose report was lost is told again`() throws {
        var fleet = illFleet()
        fleet.pass(.seconds(31))
        let prober = try #require(fleet.open().first)
        fleet.see(.healthy, at: prober)
        let lost = fleet.report(prober)
        fleet.pools[prober].reportWasLost(lost)
        fleet.exchange(prober)
        fleet.exchangeAll()
        #expect(fleet.open() == [0, 1, 2])
    }

    @Test func `who has reached a lost endpoint again may probe it, though the fleet's time is not over`() {
        var fleet = illFleet(2, .unreachable)
        fleet.pass(.seconds(2))
        let lookers = fleet.pools.indices.filter { !fleet.pools[$0].toLookAt(at: fleet.now).isEmpty }
        #expect(lookers.count == 1 && fleet.open().isEmpty)
        fleet.pools[lookers[0]].gates[0].wasReached(at: fleet.now)
        fleet.exchangeAll()
        #expect(fleet.open() == lookers)
        fleet.see(.healthy, at: lookers[0])
        fleet.exchangeAll()
        #expect(fleet.open() == [0, 1])
    }
}
