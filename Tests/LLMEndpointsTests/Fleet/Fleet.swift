import FleetMemory
import JobFlow
import TestKit

@testable import LLMEndpoints

/// Some processes that share a pool through a board, in virtual time.
struct Fleet {
    private var board = FleetMemory()
    var pools: [PoolState]
    /// Processes that exchange no more.
    var dead: Set<Int> = []
    private(set) var now = Samples.start
    private var random = SeededGenerator()

    init(_ processes: Int, _ endpoints: [EndpointConfiguration], breaker: BreakerPolicy = .init(failureThreshold: 1)) {
        let pool = PoolState(PoolConfiguration(endpoints: endpoints, breaker: breaker))
        pools = Array(repeating: pool, count: processes)
        exchangeAll()
    }

    /// One process with the board.
    mutating func exchange(_ process: Int) {
        guard !dead.contains(process) else { return }
        let report = report(process)
        pools[process].heard(exchange(report), at: now)
    }

    mutating func exchange(_ report: PoolReport) -> PoolStanding { board.exchange(report, at: now).standing }

    func standing(_ endpoint: String) -> EndpointStanding { board.standing(endpoint, at: now) }

    mutating func report(_ process: Int) -> PoolReport {
        pools[process].report(process: "p\(process)", usage: [], at: now)
    }

    /// Each once, and once more, so that all know what the last one said.
    mutating func exchangeAll() {
        for _ in 0..<2 { for process in pools.indices { exchange(process) } }
    }

    /// Time passes; each process exchanges at least every `step`.
    mutating func pass(_ time: Duration, step: Duration = .milliseconds(500)) {
        let end = now + time
        while now < end {
            now = min(end, now + step)
            for process in pools.indices { exchange(process) }
        }
    }

    /// Time passes, and nobody speaks.
    mutating func tick(_ time: Duration) { now = now + time }

    mutating func begin(_ process: Int, _ needs: CallNeeds = CallNeeds(model: "gpt-4o")) -> PoolState.Choice {
        pools[process].choose(needs, at: now, random: &random)
    }

    /// Nil when no call may start.
    mutating func call(_ process: Int, _ needs: CallNeeds = CallNeeds(model: "gpt-4o")) -> StartedCall? {
        if case .call(let call) = begin(process, needs) { call } else { nil }
    }

    mutating func end(_ call: StartedCall, of process: Int, _ signal: EndpointSignal) {
        pools[process].gates[call.endpoint].ended(
            EndedCall(signal: signal, isProbe: call.isProbe, start: call.start), at: now)
    }

    /// A whole call.
    mutating func see(_ signal: EndpointSignal, at process: Int) {
        if let call = call(process) { end(call, of: process, signal) }
    }

    /// Those that could call the endpoint now.
    func open(_ endpoint: Int = 0) -> [Int] {
        pools.indices.filter { !dead.contains($0) && pools[$0].gates[endpoint].room(at: now) > 0 }
    }
}
