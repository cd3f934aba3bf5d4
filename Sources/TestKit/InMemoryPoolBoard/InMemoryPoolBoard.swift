package import JobFlow
import Synchronization

/// The board in memory, with the semantics of the one on Redis, by a clock that comes in. It forgets nothing.
package final class InMemoryPoolBoard: PoolBoard {
    private struct Reporter: Sendable {
        var seen: Timestamp
        var inflight: [String: Int] = [:]
        var usageNumber: Int?
    }

    private struct State: Sendable {
        var endpoints: [String: PooledEndpoint] = [:]
        var reporters: [String: Reporter] = [:]
        var retries = PooledRetries()
        var usage = PooledUsage()
    }

    private let state = Mutex(State())
    private let announcements = Announcements<EndpointStanding>()
    private let now: WallClock

    private static let sharingTime = Duration.seconds(2)
    private static let silenceTime = Duration.seconds(5)

    package init(now: @escaping WallClock) { self.now = now }

    package func exchange(_ report: PoolReport) async throws(StoreError) -> PoolStanding {
        let moment = now()
        let (standing, news) = state.withLock { Self.exchange(report, &$0, at: moment) }
        for change in news { announcements.announce(change) }
        return standing
    }

    package func standings(of endpoints: [String]) async throws(StoreError) -> [EndpointStanding] {
        let moment = now()
        return state.withLock { state in endpoints.map { Self.standing($0, nil, state, at: moment) } }
    }

    package func usage(hours: Int) async throws(StoreError) -> [TokenUse] {
        state.withLock { $0.usage.sum(hours, at: now()) }
    }

    package func listen(
        onChange: @escaping @Sendable (EndpointStanding) -> Void, onGap: @escaping @Sendable () -> Void
    ) async {
        let changes = announcements.all()
        onGap()
        for await change in changes { onChange(change) }
    }

    private static func exchange(_ report: PoolReport, _ state: inout State, at now: Timestamp)
        -> (PoolStanding, news: [EndpointStanding])
    {
        attend(report, &state, at: now)
        var news: [EndpointStanding] = []
        for said in report.endpoints {
            let isNews = state.endpoints[said.endpoint, default: PooledEndpoint()]
                .merge(said, from: report.process, at: now)
            if isNews, let endpoint = state.endpoints[said.endpoint] {
                news.append(endpoint.gates(said.endpoint, at: now))
            }
        }
        let allowance = state.retries.charge(report.retries, at: now)
        let sharers = state.reporters.values.count { now - $0.seen < sharingTime }
        count(report, &state, at: now)
        let standings = report.endpoints.map { standing($0.endpoint, report.process, state, at: now) }
        return (PoolStanding(endpoints: standings, retryAllowance: allowance / Double(max(1, sharers))), news)
    }

    private static func attend(_ report: PoolReport, _ state: inout State, at now: Timestamp) {
        state.reporters = state.reporters.filter { now - $0.value.seen < silenceTime }
        state.reporters[report.process, default: Reporter(seen: now)].seen = now
        for said in report.endpoints { state.reporters[report.process]?.inflight[said.endpoint] = said.inflight }
    }

    private static func count(_ report: PoolReport, _ state: inout State, at now: Timestamp) {
        guard !report.usage.isEmpty, state.reporters[report.process]?.usageNumber != report.usageNumber else { return }
        state.reporters[report.process]?.usageNumber = report.usageNumber
        for use in report.usage { state.usage.add(use, at: now) }
    }

    private static func standing(_ endpoint: String, _ process: String?, _ state: State, at now: Timestamp)
        -> EndpointStanding
    {
        let calls = state.reporters.values.filter { now - $0.seen < silenceTime }
            .reduce(0) { $0 + ($1.inflight[endpoint] ?? 0) }
        return (state.endpoints[endpoint] ?? PooledEndpoint()).standing(
            endpoint, for: process, inflight: calls, at: now)
    }
}
