import JobFlow

/// What a fleet knows of one endpoint, and how reports are merged into it.
struct PooledEndpoint: Sendable {
    /// A right of one process, for a while.
    struct Right: Sendable {
        var holder: String
        var ends: Timestamp
    }

    struct Illness: Sendable {
        var ends: Timestamp
        var round: Int
        var isUnreachable: Bool
    }

    struct Refusal: Sendable {
        var ends: Timestamp
        var reason: String
    }

    private(set) var throttle = Timestamp(milliseconds: 0)
    private(set) var illness: Illness?
    private(set) var refusal: Refusal?
    private(set) var renewals = 0
    private(set) var probe: Right?
    private(set) var reload: Right?
    private(set) var bucket: PooledBucket?

    /// Smaller moves of a gate are not made.
    private static let leastMove = Duration.milliseconds(20)
    private static let reloadTime = Duration.seconds(10)

    /// Whether a gate was closed or opened by it.
    mutating func merge(_ report: EndpointReport, from process: String, at now: Timestamp) -> Bool {
        var isNews = false
        if let tokens = report.tokens { count(tokens, from: process, at: now) }
        if let time = report.throttle { isNews = close(for: time, tokens: report.tokens, at: now) }
        switch report.health {
        case .ill(let gate): isNews = fell(gate, says: process, at: now) || isNews
        case .well: isNews = recovered() || isNews
        case nil: break
        }
        if let credentials = report.credentials { isNews = merge(credentials, from: process, at: now) || isNews }
        if let time = report.wantsProbe, isProbeable(at: now) { Self.take(&probe, process, for: time, at: now) }
        if report.wantsReload, !holds(reload, nil, at: now) {
            Self.take(&reload, process, for: Self.reloadTime, at: now)
        }
        return isNews
    }

    func standing(_ name: String, for process: String?, inflight: Int, at now: Timestamp) -> EndpointStanding {
        var standing = gates(name, at: now)
        standing.mayProbe = process.map { holds(probe, $0, at: now) && isProbeable(at: now) } ?? false
        standing.mayReload = process.map { holds(reload, $0, at: now) } ?? false
        standing.room = bucket?.room(at: now)
        standing.inflight = inflight
        return standing
    }

    func gates(_ name: String, at now: Timestamp) -> EndpointStanding {
        EndpointStanding(
            endpoint: name, throttledFor: max(.zero, throttle - now),
            health: illness.map {
                HealthGate(closedFor: max(.zero, $0.ends - now), round: $0.round, isUnreachable: $0.isUnreachable)
            },
            out: refusal.map { CredentialGate(closedFor: max(.zero, $0.ends - now), reason: $0.reason) },
            renewals: renewals)
    }

    private mutating func count(_ tokens: TokenReport, from process: String, at now: Timestamp) {
        var counted = bucket ?? PooledBucket(rate: tokens.rate, burst: tokens.burst, at: now)
        counted.charge(tokens, from: process, at: now)
        bucket = counted
    }

    private mutating func close(for time: Duration, tokens: TokenReport?, at now: Timestamp) -> Bool {
        if tokens != nil { bucket?.empty(for: time, at: now) }
        guard isLater(now + time, than: throttle, at: now) else { return false }
        throttle = now + time
        return true
    }

    private mutating func fell(_ gate: HealthGate, says process: String, at now: Timestamp) -> Bool {
        releaseProbe(of: process, at: now)
        let ends = now + gate.closedFor
        if let illness, gate.round < illness.round, illness.ends > now { return false }
        if let illness, gate.round == illness.round, !isLater(ends, than: illness.ends, at: now) { return false }
        illness = Illness(
            ends: ends, round: max(gate.round, illness?.round ?? 0), isUnreachable: gate.isUnreachable)
        return true
    }

    private mutating func recovered() -> Bool {
        defer { (illness, probe) = (nil, nil) }
        return illness != nil
    }

    private mutating func merge(_ report: CredentialReport, from process: String, at now: Timestamp) -> Bool {
        switch report {
        case .out(let gate):
            releaseProbe(of: process, at: now)
            if let refusal, !isLater(now + gate.closedFor, than: refusal.ends, at: now) { return false }
            refusal = Refusal(ends: now + gate.closedFor, reason: gate.reason)
            return true
        case .well:
            releaseProbe(of: process, at: now)
            defer { refusal = nil }
            return refusal != nil
        case .renewed:
            (refusal, renewals) = (nil, renewals + 1)
            return true
        }
    }

    private func isProbeable(at now: Timestamp) -> Bool {
        illness.map { $0.ends <= now || $0.isUnreachable } ?? false || refusal.map { $0.ends <= now } ?? false
    }

    private func isLater(_ ends: Timestamp, than other: Timestamp, at now: Timestamp) -> Bool {
        ends > max(other, now) + Self.leastMove
    }

    /// - Parameter process: nil for any.
    private func holds(_ right: Right?, _ process: String?, at now: Timestamp) -> Bool {
        guard let right, right.ends > now else { return false }
        return process == nil || right.holder == process
    }

    private mutating func releaseProbe(of process: String, at now: Timestamp) {
        if holds(probe, process, at: now) { probe = nil }
    }

    private static func take(_ right: inout Right?, _ process: String, for time: Duration, at now: Timestamp) {
        if let right, right.ends > now, right.holder != process { return }
        right = Right(holder: process, ends: max(now + time, right?.ends ?? now))
    }
}
