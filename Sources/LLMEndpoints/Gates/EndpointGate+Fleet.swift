import JobFlow

// What goes to the other processes of the fleet, and what comes from them.
extension EndpointGate {
    /// A gate has changed that the others do not know of, or something is wanted of them.
    func hasNews(at now: Timestamp) -> Bool {
        throttleNews(at: now) != nil || healthNews(at: now) != nil || credentialNews(at: now) != nil
            || wantsReload(at: now) || wantsProbe(at: now)
    }

    private func wantsReload(at now: Timestamp) -> Bool {
        isReloading && !isReading && now - asked.reload >= Self.askAgain
    }

    private var isReloading: Bool { out?.isReloading == true }

    /// Also an endpoint that was not reached and whose time is not over: whoever holds the probe may look at it.
    private func wantsProbe(at now: Timestamp) -> Bool {
        guard !isWell, now - asked.probe >= Self.askAgain else { return false }
        // Had it, and no job to use it for: now others may.
        if case .granted(let until) = probe, now - until < Self.othersTurn { return false }
        return isProbeDue(at: now) || probe != .underWay && breaker.opening?.isUnreachable == true
    }

    private func throttleNews(at now: Timestamp) -> Duration? {
        throttledUntil > told.throttledUntil && throttledUntil > now ? throttledUntil - now : nil
    }

    private func healthNews(at now: Timestamp) -> HealthReport? {
        guard let opening = breaker.opening else { return told.opening == nil ? nil : .well }
        if let known = told.opening, (known.round, known.until) >= (opening.round, opening.until) { return nil }
        return .ill(
            HealthGate(
                closedFor: max(.zero, opening.until - now), round: opening.round, isUnreachable: opening.isUnreachable))
    }

    private func credentialNews(at now: Timestamp) -> CredentialReport? {
        if hasRenewed { return .renewed }
        guard let out, !out.isReloading else { return told.out == nil || self.out != nil ? nil : .well }
        if let known = told.out, known.until >= out.until { return nil }
        return .out(CredentialGate(closedFor: max(.zero, out.until - now), reason: out.reason))
    }

    mutating func report(_ endpoint: String, at now: Timestamp) -> EndpointReport {
        var report = EndpointReport(endpoint: endpoint)
        report.throttle = throttleNews(at: now)
        report.health = healthNews(at: now)
        report.credentials = credentialNews(at: now)
        // Also while it is under way: a call can take longer than the probe is held.
        report.wantsProbe = wantsProbe(at: now) || probe == .underWay ? Self.probeTime : nil
        report.wantsReload = wantsReload(at: now)
        if report.wantsProbe != nil { asked.probe = now }
        if report.wantsReload { asked.reload = now }
        report.tokens = meter?.report(at: now)
        report.inflight = inflight
        told = Told(throttledUntil: throttledUntil, opening: breaker.opening, out: isReloading ? told.out : out)
        awaitsReply = true
        // The fleet will count it; this process has read it already.
        if hasRenewed { renewals += 1 }
        hasRenewed = false
        return report
    }

    /// It may not have arrived: what it said of the gates is news again.
    mutating func reportWasLost(_ report: EndpointReport) {
        told = Told()
        awaitsReply = false
        if report.health == .well, breaker.opening == nil { told.opening = .init(until: .distantPast, round: 0) }
        if report.credentials == .well, out == nil { told.out = Out(until: .distantPast, reason: "") }
        guard report.credentials == .renewed else { return }
        hasRenewed = true
        renewals -= 1
    }

    /// - Parameter isReply: to the last report; else it is an announcement, which may be older than what that report said.
    mutating func heard(_ standing: EndpointStanding, isReply: Bool, at now: Timestamp) {
        if isReply { (awaitsReply, isDrained) = (false, standing.drainedAt != nil) }
        hearThrottle(standing.throttledFor, at: now)
        if standing.health != nil || !awaitsReply { hearHealth(standing.health, at: now) }
        if standing.out != nil || !awaitsReply { hearCredentials(standing.out, at: now) }
        if isWell { probe = .none }
        // Counted from the question: the fleet counts from a moment after it.
        if standing.mayProbe { grantProbe(until: asked.probe + Self.probeTime) }
    }

    private mutating func hearThrottle(_ time: Duration, at now: Timestamp) {
        guard time > .zero else { return }
        let until = now + min(time, Self.longestThrottle)
        // The first that is heard of it is a lesson, too.
        if throttledUntil <= now { meter?.refused(for: time, at: now) } else { meter?.filled(for: time, at: now) }
        throttledUntil = max(throttledUntil, until)
        told.throttledUntil = max(told.throttledUntil, until)
    }

    private mutating func hearHealth(_ health: HealthGate?, at now: Timestamp) {
        // What this process has found out itself, and not told yet, is newer.
        guard healthNews(at: now) == nil else { return }
        if let health { breaker.heard(health, at: now) } else if breaker.opening != nil { breaker.close() }
        told.opening = breaker.opening
    }

    private mutating func hearCredentials(_ gate: CredentialGate?, at now: Timestamp) {
        guard credentialNews(at: now) == nil else { return }
        if let gate {
            let theirs = Out(until: now + gate.closedFor, reason: gate.reason)
            // While the secret is being read, only what was found out since.
            if theirs.until > (isReloading ? now : out?.until ?? .distantPast) { out = theirs }
        } else if !isReloading {
            out = nil
        }
        if !isReloading { told.out = out }
    }

    /// Whether the secret is to be read again, and for whom; counts as begun.
    mutating func beginReading(_ standing: EndpointStanding) -> SecretReading? {
        guard !isReading else { return nil }
        // A fleet that lost its memory counts from one again.
        let isRenewed = standing.renewals != renewals && standing.renewals > 0
        renewals = standing.renewals
        guard isRenewed || standing.mayReload && isReloading else { return nil }
        isReading = true
        return isRenewed ? .forItself : .forTheFleet
    }

    /// - Parameter isNew: it is another one than before.
    mutating func hasRead(_ reading: SecretReading, isNew: Bool, at now: Timestamp) {
        isReading = false
        if isNew {
            out = nil
            readAt = now
            if reading == .forTheFleet { hasRenewed = true }
        } else if reading == .forTheFleet, let out, out.isReloading {
            // Nothing but a person helps.
            self.out = Out(until: now + misconfiguredRest, reason: out.reason)
        }
    }
}

/// Why a process reads a secret again after a 401.
enum SecretReading: Sendable, Equatable {
    /// It was elected, and tells the others whether the secret has changed.
    case forTheFleet
    /// Another process found that it has.
    case forItself
}
