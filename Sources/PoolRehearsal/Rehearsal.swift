import FleetMemory
import JobFlow
import JobRunner
import LLMEndpoints
import PoolSimulator

/// A day of the fleet in a moment: the real decisions of worker processes about jobs, against a simulated pool, in virtual
/// time. No clock, no task and no connection; the same setup and jobs give the same report.
///
///     var rehearsal = Rehearsal(setup, jobs)
///     let report = rehearsal.run(until: .seconds(3600))
///
/// What takes no time here: Redis, the disk, and the network but for the endpoints' own delay.
package struct Rehearsal: Sendable {
    let setup: RehearsalSetup
    /// Positions of the pool's endpoints in the simulated pool.
    let positions: [Int]
    var now: Int64 = 0
    var agenda = Agenda()
    var backlog: Backlog
    var processes: [RehearsedProcess]
    var calls = OpenCalls()
    var memory = FleetMemory()
    var simulated: SimulatedPoolState
    var tally: Tally

    package init(_ setup: RehearsalSetup, _ jobs: [RehearsedJob]) {
        self.setup = setup
        let pool = SimulatedPoolState(setup.simulated)
        simulated = pool
        positions = setup.pool.endpoints.map { endpoint in
            guard let position = pool.position(of: endpoint.name) else {
                preconditionFailure("the simulated pool has no endpoint \(endpoint.name)")
            }
            return position
        }
        backlog = Backlog(jobs, queues: setup.queues.map(\.queue))
        processes = (0..<setup.processes).map { RehearsedProcess($0, setup) }
        tally = Tally(endpoints: setup.pool.endpoints.count)
        planFirstEvents()
    }

    /// Until every job has ended, or the time is over; may be called again with a later time.
    package mutating func run(until end: Duration? = nil) -> RehearsalReport {
        let last = end.map { VirtualTime.time($0, after: 0) } ?? .max
        while !backlog.isDone, let (at, event) = agenda.next(through: last) {
            now = at
            happen(event)
        }
        if !backlog.isDone, last < .max { now = max(now, last) }
        return RehearsalReport(self)
    }

    var moment: Timestamp { VirtualTime.moment(now) }
    var milliseconds: Int64 { now / 1000 }

    private mutating func planFirstEvents() {
        // Not all in the same instant, as processes are started.
        for process in processes.indices {
            bringForwardExchange(process, to: Int64(process) * 1_700)
            bringForwardClaim(process, to: Int64(process) * 1_300 + 10_000)
        }
        if let first = backlog.nextArrival { agenda.plan(.arrival, at: first * 1000) }
        if let change = simulated.nextChange { agenda.plan(.change, at: change) }
    }

    private mutating func happen(_ event: Agenda.Event) {
        switch event {
        case .arrival: arrive()
        case .change: change()
        case .claim(let process, let turn): if processes[process].claim.keep(turn) { claim(process) }
        case .exchange(let process, let turn): if processes[process].exchange.keep(turn) { exchange(process) }
        case .look(let process): look(process)
        case .callEnds(let place, let turn):
            if let call = calls.end(place, turn: turn) { ended(call, call.outcome ?? .clientAbort) }
        }
    }

    private mutating func arrive() {
        backlog.arrive(by: milliseconds)
        if let next = backlog.nextArrival { agenda.plan(.arrival, at: next * 1000) }
        for process in processes.indices { wake(process) }
    }

    /// A blackout cuts the calls under way.
    private mutating func change() {
        let dark = simulated.advance(to: now)
        if let next = simulated.nextChange { agenda.plan(.change, at: next) }
        for call in calls.cut(at: dark) { ended(call, .reset) }
    }
}
