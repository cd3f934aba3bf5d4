import JobFlow
import JobRunner
import LLMEndpoints

// How a process takes jobs: what `ClaimLoop` does.
extension Rehearsal {
    /// About what a claim takes; no process claims more often.
    private static let claimTime: Int64 = 1_000
    private static let claimBatch = 128
    private static let tick = Duration.seconds(1)

    /// There may be something to claim.
    mutating func wake(_ process: Int) {
        bringForwardClaim(process, to: max(now, processes[process].claimedAt + Self.claimTime))
    }

    mutating func bringForwardClaim(_ process: Int, to time: Int64) {
        guard processes[process].claim.bringForward(to: time) else { return }
        agenda.plan(.claim(process, turn: processes[process].claim.turn), at: time)
    }

    mutating func claim(_ process: Int) {
        for job in backlog.keepHouse(at: milliseconds) { end(job, .expired) }
        let capacity = processes[process].pool.capacity(at: moment)
        let limit = min(room(process, capacity), Self.claimBatch)
        let cheap = min(room(process, capacity.withoutExtraCost), Self.claimBatch)
        let jobs = take(process, limit: limit, cheap: cheap)
        processes[process].pace.took(jobs.count, cheap: cheap)
        processes[process].claimedAt = now
        processes[process].slots.took(jobs.count)
        let need = SpillPlan.need(
            due: backlog.census.due(within: DeadlineHorizon.all, from: milliseconds), rate: capacity.rate,
            partitions: 1, callTime: capacity.callTime)
        processes[process].horizon = need.horizon
        processes[process].pace.plan(need, at: .microseconds(now))
        let rest = rest(process, capacity)
        for job in jobs { begin(job, in: process) }
        bringForwardClaim(process, to: max(now + Self.claimTime, VirtualTime.time(rest, after: now)))
    }

    private mutating func take(_ process: Int, limit: Int, cheap: Int) -> [Int] {
        let shares = ClaimPlan.shares(
            setup.queues, limit: limit, withoutExtraCost: cheap, random: &processes[process].random)
        return backlog.claim(
            shares, limit: limit, urgent: processes[process].pace.share(limit: limit, cheap: cheap), at: milliseconds)
    }

    private func rest(_ process: Int, _ capacity: PoolCapacity) -> Duration {
        let round = ClaimRound(hasMore: backlog.hasMore, nextDueIn: backlog.nextDue(from: milliseconds))
        return ClaimPlan.rest(
            after: round, room: room(process, capacity.withoutExtraCost), capacity: capacity, tick: Self.tick)
    }

    private func room(_ process: Int, _ capacity: PoolCapacity) -> Int {
        processes[process].slots.room(capacity, at: .microseconds(now))
    }
}
