import JobFlow
import TestKit

/// What a fleet knows together, in a few lines and in virtual time. The real boards have their own contract suite.
struct TinyBoard {
    fileprivate struct Hold {
        var holder: String
        var until: Timestamp
    }

    fileprivate struct Place {
        var throttledUntil = Samples.past
        var ill: (until: Timestamp, gate: HealthGate)?
        var out: (until: Timestamp, gate: CredentialGate)?
        var renewals = 0
        var probe: Hold?
        var reload: Hold?
        var room: TokenRoom?
        var roomAt = Samples.past
        var users: [String: Timestamp] = [:]
    }

    fileprivate var places: [String: Place] = [:]
    private var processes: Set<String> = []
    private var retries = 10.0
    private var retriesAt: Timestamp?

    mutating func exchange(_ report: PoolReport, at now: Timestamp) -> PoolStanding {
        processes.insert(report.process)
        let passed = (now - (retriesAt ?? now)).inSeconds
        retries += passed * report.retries.reserve + Double(report.retries.firstCalls) * report.retries.ratio
        retries -= Double(report.retries.retries)
        retriesAt = now
        let standings = report.endpoints.map { endpoint in
            var place = places[endpoint.endpoint] ?? Place()
            place.listen(endpoint, from: report.process, now)
            places[endpoint.endpoint] = place
            return place.standing(endpoint.endpoint, for: report.process, now)
        }
        return PoolStanding(endpoints: standings, retryAllowance: retries / Double(processes.count))
    }

    func room(_ endpoint: String) -> Double? { places[endpoint]?.room?.tokens }
    func renewals(_ endpoint: String) -> Int { places[endpoint]?.renewals ?? 0 }
}

extension TinyBoard.Place {
    fileprivate mutating func listen(_ report: EndpointReport, from process: String, _ now: Timestamp) {
        if let tokens = report.tokens { take(tokens, from: process, now) }
        if let wait = report.throttle {
            throttledUntil = max(throttledUntil, now + wait)
            if let room { self.room?.tokens = min(room.tokens, -room.rate * wait.inSeconds) }
        }
        listenToHealth(report.health, from: process, now)
        listenToCredentials(report.credentials, from: process, now)
        let isDue =
            ill.map { $0.until <= now || $0.gate.isUnreachable } ?? false || out.map { $0.until <= now } ?? false
        if let time = report.wantsProbe, isDue { Self.take(&probe, for: time, process, now) }
        if report.wantsReload, reload.map({ $0.until <= now }) ?? true {
            Self.take(&reload, for: .seconds(10), process, now)
        }
    }

    private mutating func listenToHealth(_ report: HealthReport?, from process: String, _ now: Timestamp) {
        guard let report else { return }
        if probe?.holder == process { probe = nil }
        switch report {
        case .well: ill = nil
        case .ill(let gate):
            let known = ill.map { ($0.gate.round, $0.until) } ?? (0, now)
            if (gate.round, now + gate.closedFor) > known { ill = (now + gate.closedFor, gate) }
        }
    }

    private mutating func listenToCredentials(_ report: CredentialReport?, from process: String, _ now: Timestamp) {
        guard let report else { return }
        if probe?.holder == process { probe = nil }
        switch report {
        case .well: out = nil
        case .renewed: (out, renewals) = (nil, renewals + 1)
        case .out(let gate): if now + gate.closedFor > out?.until ?? now { out = (now + gate.closedFor, gate) }
        }
    }

    private mutating func take(_ tokens: TokenReport, from process: String, _ now: Timestamp) {
        var room = room ?? TokenRoom(tokens: tokens.burst, rate: tokens.rate, burst: tokens.burst)
        let flow = roomAt == Samples.past ? 0 : room.rate * (now - roomAt).inSeconds
        room.tokens = min(room.burst, room.tokens + flow) - tokens.taken
        if tokens.isUsing { users[process] = now }
        room.sharers = max(1, users.values.count { now - $0 < .seconds(2) })
        (self.room, roomAt) = (room, now)
    }

    private static func take(_ hold: inout TinyBoard.Hold?, for time: Duration, _ process: String, _ now: Timestamp) {
        if let hold, hold.until > now, hold.holder != process { return }
        hold = TinyBoard.Hold(holder: process, until: now + time)
    }

    fileprivate func standing(_ endpoint: String, for process: String, _ now: Timestamp) -> EndpointStanding {
        func isMine(_ hold: TinyBoard.Hold?) -> Bool { hold.map { $0.holder == process && $0.until > now } ?? false }
        var standing = EndpointStanding(
            endpoint: endpoint, throttledFor: max(.zero, throttledUntil - now), renewals: renewals,
            mayProbe: isMine(probe), mayReload: isMine(reload), room: room)
        standing.health = ill.map { ill in
            var gate = ill.gate
            gate.closedFor = max(.zero, ill.until - now)
            return gate
        }
        standing.out = out.map { CredentialGate(closedFor: max(.zero, $0.until - now), reason: $0.gate.reason) }
        return standing
    }
}

extension Samples {
    static let past = Timestamp(milliseconds: 0)
}
