import Foundation
import JobFlow
import TestKit

/// Does what a schedule says. Lanes run beside each other, the faults of one lane one after the other.
struct ChaosDriver: Sendable {
    let rig: ChaosRig
    let log: FaultLog

    func run(_ schedule: ChaosSchedule) async throws {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup { lanes in
            for lane in ChaosFault.Lane.allCases {
                lanes.addTask {
                    for step in schedule.steps(in: lane) {
                        try await Task.sleep(until: start + step.at)
                        try await apply(step.fault)
                    }
                }
            }
            try await lanes.waitForAll()
        }
    }

    private func apply(_ fault: ChaosFault) async throws {
        if case .fillDisk = fault, rig.disk == nil { return log.skip(fault.kind) }
        try await measured(fault.kind) {
            try await start(fault)
        } then: { pid in
            try await Task.sleep(for: fault.length)
            try await end(fault, pid)
        }
    }

    /// Logs a fault together with what it can have cost.
    ///
    /// - Parameter start: returns the process that was hit, if it was one.
    func measured(
        _ kind: ChaosFault.Kind, start: () async throws -> pid_t?, then rest: (pid_t?) async throws -> Void
    ) async throws {
        let before = try await exposure()
        var record = FaultRecord(kind: kind, from: .now, to: .now)
        record.pid = try await start()
        var calls = try await callsSoFar()
        try await rest(record.pid)
        if kind == .delayConnections { calls = try await callsSoFar() }
        record.to = .now
        // Once it wakes up, a worker may call once more for each claim, before it hears that it has lost it.
        record.exposure = !kind.canCostCalls ? 0 : kind == .freezeWorker ? 2 * (before + calls) : before + calls
        log.add(record)
    }

    /// Calls that are open, or claims that are held (they may have no call yet, or an answer that is not settled yet),
    /// whichever are more, less the calls that have begun until now.
    private func exposure() async throws -> Int {
        let stats = try await rig.simulatorStats()
        // While Redis is away nobody claims, and the fault that took it away has counted what was held.
        let leases = log.redisIsAway ? nil : Int(try await rig.redis.ask("ZCARD", "sluice{0}:leases"))
        return max(stats["inflight"]?.int ?? 0, leases ?? 0) - (stats["calls"]?.int ?? 0)
    }

    private func callsSoFar() async throws -> Int { try await rig.simulatorStats()["calls"]?.int ?? 0 }
}
