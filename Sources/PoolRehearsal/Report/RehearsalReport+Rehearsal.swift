import LLMEndpoints
import PoolSimulator

extension RehearsalReport {
    init(_ rehearsal: Rehearsal) {
        let tally = rehearsal.tally
        let isDone = rehearsal.backlog.isDone
        let times = tally.times.sorted()
        self.init(
            time: isDone ? .milliseconds(tally.lastEnd) : .microseconds(rehearsal.now), isDone: isDone,
            completed: tally.completed, expired: tally.expired, failed: tally.failed, retries: tally.retries,
            deadlinesMissed: tally.deadlinesMissed,
            endpoints: rehearsal.setup.pool.endpoints.indices.map { Endpoint($0, of: rehearsal) },
            p50: Self.percentile(50, times), p95: Self.percentile(95, times))
    }

    private static func percentile(_ percent: Int, _ sorted: [Int32]) -> Duration {
        sorted.isEmpty ? .zero : .milliseconds(Int64(sorted[min(sorted.count - 1, sorted.count * percent / 100)]))
    }
}

extension RehearsalReport.Endpoint {
    fileprivate init(_ index: Int, of rehearsal: Rehearsal) {
        let calls = rehearsal.tally.calls[index]
        let state = rehearsal.simulated.states[rehearsal.positions[index]]
        self.init(
            name: rehearsal.setup.pool.endpoints[index].name,
            isPrepaid: rehearsal.setup.pool.endpoints[index].tier == .ptu,
            costsExtra: rehearsal.processes[0].pool.costsExtra[index], calls: calls.made, answered: calls.answered,
            throttled: calls.throttled, failed: calls.failed, callsWhileDark: calls.whileDark,
            promptTokens: calls.prompt, completionTokens: calls.completion,
            weightedTokens: state.counts.tokensUsedWeighted,
            capacityTokens: state.behaviour.tier == .ptu ? state.load(now: rehearsal.now).capacityTokens : 0)
    }
}
