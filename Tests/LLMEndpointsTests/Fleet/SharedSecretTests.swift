import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct SharedSecretTests {
    /// Reads secrets as `PoolExchange` does.
    private struct Readers {
        var fleet: Fleet
        var secret = 1
        var held: [Int]
        private(set) var readings: [(process: Int, reading: SecretReading)] = []

        init(_ processes: Int) {
            fleet = Fleet(processes, [endpoint("a")])
            held = Array(repeating: 1, count: processes)
        }

        mutating func exchange(_ process: Int) {
            let report = fleet.report(process)
            let standing = fleet.exchange(report)
            fleet.pools[process].heard(standing, at: fleet.now)
            guard let reading = fleet.pools[process].gates[0].beginReading(standing.endpoints[0]) else { return }
            readings.append((process, reading))
            let isNew = held[process] != secret
            held[process] = secret
            fleet.pools[process].gates[0].hasRead(reading, isNew: isNew, at: fleet.now)
        }

        mutating func pass(_ time: Duration) {
            for _ in 0..<Int(time.inSeconds * 20) {
                fleet.tick(.milliseconds(50))
                for process in fleet.pools.indices { exchange(process) }
            }
        }

        var elected: Int { readings.count { $0.reading == .forTheFleet } }
    }

    private func refused(_ processes: Int = 3) -> Readers {
        var readers = Readers(processes)
        readers.fleet.tick(.seconds(1))
        for process in 0..<processes { readers.fleet.see(.unauthorized, at: process) }
        return readers
    }

    @Test func `a key that all find refused is read for the fleet once, and by the others once it is new`() {
        var readers = refused()
        readers.secret = 2
        #expect(readers.fleet.open().isEmpty)
        readers.pass(.seconds(20))
        #expect(readers.elected == 1 && readers.readings.count == 3)
        #expect(Set(readers.readings.map(\.process)) == [0, 1, 2] && readers.held == [2, 2, 2])
        #expect(readers.fleet.open() == [0, 1, 2] && readers.fleet.standing("a").renewals == 1)
    }

    @Test func `a key that is the same closes the endpoint to all, and each probe reads it once more`() throws {
        var readers = refused()
        readers.pass(.seconds(59))
        #expect(readers.readings.count == 1 && readers.fleet.open().isEmpty)
        readers.pass(.seconds(3))
        let prober = try #require(readers.fleet.open().first)
        #expect(readers.fleet.open() == [prober])
        // Somebody puts a new key there while it probes with the old one.
        readers.fleet.see(.unauthorized, at: prober)
        readers.secret = 2
        readers.pass(.seconds(15))
        #expect(readers.elected == 2 && readers.held == [2, 2, 2])
        #expect(readers.fleet.open() == [0, 1, 2])
    }

    @Test func `a late refusal of the old key says nothing of the new one`() throws {
        var readers = Readers(1)
        readers.fleet.tick(.seconds(1))
        let lateCall = readers.fleet.call(0)
        let late = try #require(lateCall)
        readers.fleet.see(.unauthorized, at: 0)
        readers.secret = 2
        readers.pass(.seconds(1))
        #expect(readers.fleet.open() == [0])
        readers.fleet.end(late, of: 0, .unauthorized)
        #expect(readers.fleet.open() == [0])
        readers.pass(.seconds(1))
        #expect(readers.readings.count == 1)
    }

    @Test func `a renewal whose report was lost is told again`() {
        var readers = refused()
        readers.secret = 2
        readers.exchange(0)
        #expect(readers.held == [2, 1, 1])
        let lost = readers.fleet.report(0)
        #expect(lost.endpoints[0].credentials == .renewed)
        readers.fleet.pools[0].reportWasLost(lost)
        readers.pass(.seconds(1))
        #expect(readers.held == [2, 2, 2] && readers.fleet.open() == [0, 1, 2] && readers.readings.count == 3)
    }

    @Test func `a fleet that has lost its memory and counts from one again is followed all the same`() {
        var gate = Fleet(1, [endpoint("a")]).pools[0].gates[0]
        let now = Samples.start
        for count in [5, 1, 0, 2] {
            let reading = gate.beginReading(EndpointStanding(endpoint: "a", renewals: count))
            #expect((reading == .forItself) == (count > 0))
            gate.hasRead(.forItself, isNew: false, at: now)
        }
    }

    @Test func `while a secret is being read, nobody reads it again`() {
        var gate = Fleet(1, [endpoint("a")]).pools[0].gates[0]
        _ = gate.began(at: Samples.start)
        gate.ended(EndedCall(signal: .unauthorized, start: Samples.start), at: Samples.start)
        let standing = EndpointStanding(endpoint: "a", mayReload: true)
        #expect(gate.beginReading(standing) == .forTheFleet)
        #expect(gate.beginReading(standing) == nil)
        gate.hasRead(.forTheFleet, isNew: false, at: Samples.start)
        #expect(gate.beginReading(standing) == nil && gate.out?.until == Samples.start + .seconds(60))
    }
}
