package import JobFlow

// What goes to the fleet, and what comes from it.
extension PoolState {
    /// Something has happened that the others should know at once, or that only they can grant.
    func isUrgent(at now: Timestamp) -> Bool { gates.contains { $0.hasNews(at: now) } }

    /// Something has happened to this endpoint that the others should know at once.
    package func hasNews(of index: Int, at now: Timestamp) -> Bool { gates[index].hasNews(at: now) }

    /// How long nothing needs to be told.
    package func exchangePause(at now: Timestamp) -> Duration {
        if isUrgent(at: now) { return PoolExchange.shortestPeriod }
        // What others take has to be known while this process takes some, too.
        let isTaking = gates.contains { $0.meter?.isUsing(at: now) ?? false }
        let quiet = isTaking ? PoolExchange.sharingPeriod : PoolExchange.idlePeriod
        let period = hasCounts ? PoolExchange.period : quiet
        return min(period, nextProbe(at: now).map { $0 - now } ?? period)
    }

    /// When a probe is due next.
    private func nextProbe(at now: Timestamp) -> Timestamp? {
        gates.flatMap { [$0.breaker.opening?.until, $0.out?.until] }.compactMap(\.self).filter { $0 > now }.min()
    }

    /// Calls were made or ended since the last report.
    package var hasCounts: Bool { budget.hasNews || gates.contains { $0.meter.map { $0.taken != 0 } ?? false } }

    package mutating func report(process: String, usage: [TokenUse], at now: Timestamp) -> PoolReport {
        closeSlow(at: now)
        var reports: [EndpointReport] = []
        for index in endpoints.indices { reports.append(gates[index].report(endpoints[index].name, at: now)) }
        return PoolReport(process: process, endpoints: reports, retries: budget.report(), usage: usage)
    }

    mutating func reportWasLost(_ report: PoolReport) {
        for (index, endpoint) in zip(gates.indices, report.endpoints) { gates[index].reportWasLost(endpoint) }
    }

    package mutating func heard(_ standing: PoolStanding, at now: Timestamp) {
        for endpoint in standing.endpoints { heard(endpoint, isReply: true, at: now) }
        budget.measured(standing.retryAllowance, at: now)
    }

    package mutating func heard(_ standing: EndpointStanding, isReply: Bool = false, at now: Timestamp) {
        guard let index = endpoints.firstIndex(where: { $0.name == standing.endpoint }) else { return }
        gates[index].heard(standing, isReply: isReply, at: now)
        if let room = standing.room { gates[index].meter?.measured(room, at: now) }
    }

    /// Without a fleet, this process is elected for everything; but no secret is read.
    package mutating func elect(at now: Timestamp) {
        for index in gates.indices {
            gates[index].meter?.ownsAll()
            gates[index].hasRead(.forTheFleet, isNew: false, at: now)
            if gates[index].isProbeDue(at: now) { gates[index].grantProbe(until: now + EndpointGate.probeTime) }
        }
    }

    /// Endpoints that could not be reached, and that this process may look at.
    package func toLookAt(at now: Timestamp) -> [Int] {
        gates.indices.filter {
            gates[$0].breaker.opening.map { $0.isUnreachable && $0.until > now } == true
                && gates[$0].holdsProbe(at: now)
        }
    }

    /// It answered a look that carries no prompt.
    package mutating func wasReached(_ index: Int, at now: Timestamp) { gates[index].wasReached(at: now) }
}
