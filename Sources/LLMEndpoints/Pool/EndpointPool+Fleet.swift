import Curl
import JobFlow
import Synchronization

// How `PoolExchange` reaches into the pool.
extension EndpointPool {
    func report(process: String) -> PoolReport {
        let now = now()
        return guarded.withLock { guarded in
            let (number, usage) = guarded.uses.report(named: guarded.state.endpoints)
            var report = guarded.state.report(process: process, usage: usage, at: now)
            report.usageNumber = number
            return report
        }
    }

    /// Its usage is told again with the next one, without being asked for.
    func reportWasLost(_ report: PoolReport) { guarded.withLock { $0.state.reportWasLost(report) } }

    /// The reply to the last report.
    func heard(_ standing: PoolStanding) {
        guarded.withLock { $0.uses.reportArrived() }
        change { $0.heard(standing, at: $1) }
    }

    var hasUntoldUse: Bool { guarded.withLock { !$0.uses.isEmpty } }

    func heard(_ standing: EndpointStanding) { change { $0.heard(standing, at: $1) } }

    func beginReading(_ standing: EndpointStanding) -> SecretReading? {
        guarded.withLock { guarded in
            guard let index = guarded.index(standing.endpoint) else { return nil }
            return guarded.state.gates[index].beginReading(standing)
        }
    }

    /// - Parameter credential: nil if it could not be read.
    func hasRead(_ credential: Credential?, of name: String, _ reading: SecretReading) {
        let (index, events, isNew) = guarded.withLock { guarded in
            (guarded.index(name), guarded.events, credential.map { guarded.set($0, of: name) } ?? false)
        }
        guard let index else { return }
        change { $0.gates[index].hasRead(reading, isNew: isNew, at: $1) }
        if reading == .forTheFleet { events.secretWasRead(name, isNew: isNew) }
        bell.raise()
    }

    /// Calls that begin from now on use it; those under way keep theirs.
    package func renew(_ credential: Credential, of name: String) {
        let (events, isNew) = guarded.withLock { ($0.events, $0.set(credential, of: name)) }
        if isNew { events.credentialWasRenewed(name) }
    }

    func toLookAt() -> [Int] {
        let now = now()
        return guarded.withLock { $0.state.toLookAt(at: now) }
    }

    /// Asks for the list of models: it costs no tokens, and any answer shows that the endpoint can be reached again.
    func look(at index: Int) async {
        let target = target(index)
        let request = UpstreamRequest.look(at: target.endpoint, timeout: target.connectTimeout)
        guard let response = try? await curl.send(request), response.status < 500 else { return }
        change { $0.wasReached(index, at: $1) }
        bell.raise()
    }

    /// How long nothing needs to be told. Asked after each exchange, so that the gauges are told of the gates here.
    var exchangePause: Duration {
        let now = now()
        let (state, events) = guarded.withLock { guarded in
            guarded.isCounting = guarded.state.hasCounts
            return (guarded.state, guarded.events)
        }
        events.gates(state.gates, at: now)
        return state.exchangePause(at: now)
    }

    private func change(_ body: (inout PoolState, Timestamp) -> Void) {
        let now = now()
        let (before, after, events) = guarded.withLock { guarded in
            let before = guarded.state.gates
            body(&guarded.state, now)
            return (before, guarded.state.gates, guarded.events)
        }
        for index in before.indices { events.changed(index, from: before[index], to: after[index]) }
        if zip(before, after).contains(where: { $1.hasOpened(since: $0, at: now) }) { room.raise() }
    }
}
