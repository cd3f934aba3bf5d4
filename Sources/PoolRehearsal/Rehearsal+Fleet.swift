import FleetMemory
import JobFlow
import LLMEndpoints
import PoolSimulator

// How the processes stay in step: what `PoolExchange` does.
extension Rehearsal {
    private static let lookPeriod: Int64 = 1_000_000

    /// There is news, or something to count again.
    mutating func ring(_ process: Int) {
        let soonest = processes[process].exchangedAt + PoolExchange.shortestPeriod.wholeMilliseconds * 1000
        bringForwardExchange(process, to: max(now, soonest))
    }

    mutating func bringForwardExchange(_ process: Int, to time: Int64) {
        guard processes[process].exchange.bringForward(to: time) else { return }
        agenda.plan(.exchange(process, turn: processes[process].exchange.turn), at: time)
    }

    mutating func exchange(_ process: Int) {
        let report = processes[process].pool.report(process: processes[process].name, usage: [], at: moment)
        let (standing, news) = memory.exchange(report, at: moment)
        processes[process].pool.heard(standing, at: moment)
        processes[process].exchangedAt = now
        for change in news {
            for index in processes.indices { processes[index].pool.heard(change, at: moment) }
        }
        planNext(process)
    }

    private mutating func planNext(_ process: Int) {
        let pool = processes[process].pool
        processes[process].isCounting = pool.hasCounts
        let pause = max(pool.exchangePause(at: moment), PoolExchange.shortestPeriod)
        bringForwardExchange(process, to: VirtualTime.time(pause, after: now))
        guard !processes[process].isLooking, !pool.toLookAt(at: moment).isEmpty else { return }
        processes[process].isLooking = true
        agenda.plan(.look(process), at: (now / Self.lookPeriod + 1) * Self.lookPeriod)
    }

    mutating func look(_ process: Int) {
        let wanted = processes[process].pool.toLookAt(at: moment)
        for index in wanted where simulated.look(at: positions[index]) {
            processes[process].pool.wasReached(index, at: moment)
            ring(process)
        }
        processes[process].isLooking = !wanted.isEmpty
        if !wanted.isEmpty { agenda.plan(.look(process), at: now + Self.lookPeriod) }
    }
}
