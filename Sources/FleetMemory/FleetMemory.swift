package import JobFlow

/// What a fleet knows together of its endpoints, as a value by a clock that comes in: the semantics of the board on Redis. It
/// forgets nothing.
package struct FleetMemory: Sendable {
    private struct Reporter: Sendable {
        var seen: Timestamp
        var inflight: [String: Int] = [:]
        var usageNumber: Int?
    }

    private var endpoints: [String: PooledEndpoint] = [:]
    private var reporters: [String: Reporter] = [:]
    private var retries = PooledRetries()
    private var uses = PooledUsage()
    private var drained: [String: Timestamp] = [:]

    private static let sharingTime = Duration.seconds(2)
    private static let silenceTime = Duration.seconds(5)

    package init() {}

    /// Returns also how endpoints stand whose gates the report closed or opened: that is announced to all.
    package mutating func exchange(_ report: PoolReport, at now: Timestamp)
        -> (standing: PoolStanding, news: [EndpointStanding])
    {
        attend(report, at: now)
        var news: [EndpointStanding] = []
        for said in report.endpoints {
            let isNews = endpoints[said.endpoint, default: PooledEndpoint()].merge(said, from: report.process, at: now)
            if isNews, let endpoint = endpoints[said.endpoint] { news.append(endpoint.gates(said.endpoint, at: now)) }
        }
        let allowance = retries.charge(report.retries, at: now)
        let sharers = reporters.values.count { now - $0.seen < Self.sharingTime }
        count(report, at: now)
        let standings = report.endpoints.map { standing($0.endpoint, for: report.process, at: now) }
        return (PoolStanding(endpoints: standings, retryAllowance: allowance / Double(max(1, sharers))), news)
    }

    /// - Parameter process: nil for somebody who only looks.
    package func standing(_ endpoint: String, for process: String? = nil, at now: Timestamp) -> EndpointStanding {
        let calls = reporters.values.filter { now - $0.seen < Self.silenceTime }
            .reduce(0) { $0 + ($1.inflight[endpoint] ?? 0) }
        var standing = (endpoints[endpoint] ?? PooledEndpoint())
            .standing(endpoint, for: process, inflight: calls, at: now)
        standing.drainedAt = drained[endpoint]
        return standing
    }

    /// Returns whether that changes something: then it is announced to all.
    package mutating func drain(_ endpoint: String, _ isDrained: Bool, at now: Timestamp) -> Bool {
        guard isDrained != (drained[endpoint] != nil) else { return false }
        drained[endpoint] = isDrained ? now : nil
        return true
    }

    package func usage(hours: Int, at now: Timestamp) -> [TokenUse] { uses.sum(hours, at: now) }

    /// A list of usage is counted once, however often it is told.
    private mutating func count(_ report: PoolReport, at now: Timestamp) {
        guard !report.usage.isEmpty, reporters[report.process]?.usageNumber != report.usageNumber else { return }
        reporters[report.process]?.usageNumber = report.usageNumber
        for use in report.usage { uses.add(use, at: now) }
    }

    private mutating func attend(_ report: PoolReport, at now: Timestamp) {
        if reporters.values.contains(where: { now - $0.seen >= Self.silenceTime }) {
            reporters = reporters.filter { now - $0.value.seen < Self.silenceTime }
        }
        reporters[report.process, default: Reporter(seen: now)].seen = now
        for said in report.endpoints { reporters[report.process]?.inflight[said.endpoint] = said.inflight }
    }
}
