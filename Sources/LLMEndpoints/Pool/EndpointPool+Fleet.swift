import Curl
import JobFlow
import Synchronization

// How `PoolExchange` reaches into the pool.
extension EndpointPool {
    func report(process: String) -> PoolReport {
        let now = now()
        return guarded.withLock { guarded in
            let (number, usage) = guarded.uses.report(named: endpoints)
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
            guard let index = index(standing.endpoint) else { return nil }
            return guarded.state.gates[index].beginReading(standing)
        }
    }

    /// - Parameter credential: nil if it could not be read.
    func hasRead(_ credential: Credential?, of name: String, _ reading: SecretReading) {
        guard let index = index(name) else { return }
        let isNew = guarded.withLock { guarded in
            defer { if let credential { guarded.credentials[index] = credential } }
            return credential.map { $0 != guarded.credentials[index] } ?? false
        }
        change { $0.gates[index].hasRead(reading, isNew: isNew, at: $1) }
        if reading == .forTheFleet { events.secretWasRead(name, isNew: isNew) }
        bell.raise()
    }

    /// Calls that begin from now on use it; those under way keep theirs.
    package func renew(_ credential: Credential, of name: String) {
        guard let index = index(name) else { return }
        let isNew = guarded.withLock { guarded in
            defer { guarded.credentials[index] = credential }
            return guarded.credentials[index] != credential
        }
        if isNew { events.credentialWasRenewed(name) }
    }

    func toLookAt() -> [Int] {
        let now = now()
        return guarded.withLock { $0.state.toLookAt(at: now) }
    }

    /// Asks for the list of models: it costs no tokens, and any answer shows that the endpoint can be reached again.
    func look(at index: Int) async {
        let request = UpstreamRequest.look(at: endpoint(index), timeout: connectTimeout)
        guard let response = try? await curl.send(request), response.status < 500 else { return }
        change { $0.wasReached(index, at: $1) }
        bell.raise()
    }

    /// How long nothing needs to be told. Asked after each exchange, so that the gauges are told of the gates here.
    var exchangePause: Duration {
        let now = now()
        let state = guarded.withLock { guarded in
            guarded.isCounting = guarded.state.hasCounts
            return guarded.state
        }
        events.gates(state.gates, at: now)
        return state.exchangePause(at: now)
    }

    private func index(_ name: String) -> Int? { endpoints.firstIndex { $0.name == name } }

    private func change(_ body: (inout PoolState, Timestamp) -> Void) {
        let now = now()
        let (before, after) = guarded.withLock { guarded in
            let before = guarded.state.gates
            body(&guarded.state, now)
            return (before, guarded.state.gates)
        }
        for index in before.indices { events.changed(index, from: before[index], to: after[index]) }
        if zip(before, after).contains(where: { $1.hasOpened(since: $0, at: now) }) { room.raise() }
    }
}
