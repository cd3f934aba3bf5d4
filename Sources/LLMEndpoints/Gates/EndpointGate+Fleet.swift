import JobFlow

// What goes to the other processes of the fleet, and what comes from them.
extension EndpointGate {
    /// A gate has changed that the others do not know of, or something is wanted of them.
    func hasNews(at now: Timestamp) -> Bool {
        throttleNews(at: now) != nil || healthNews(at: now) != nil || credentialNews(at: now) != nil
            || wantsReload(at: now) || wantsProbe(at: now)
    }

    private func wantsReload(at now: Timestamp) -> Bool { isReloading && now - askedAt >= Self.askAgain }

    private var isReloading: Bool { out?.isReloading == true }

    /// Also an endpoint that was not reached and whose time is not over: whoever holds the probe may look at it.
    private func wantsProbe(at now: Timestamp) -> Bool {
        guard !isWell, probe != .underWay, !holdsProbe(at: now), now - askedAt >= Self.askAgain else { return false }
        return isProbeDue(at: now) || breaker.opening?.isUnreachable == true
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
        report.wantsProbe = wantsProbe(at: now) ? Self.probeTime : nil
        report.wantsReload = wantsReload(at: now)
        if report.wantsReload || report.wantsProbe != nil { askedAt = now }
        report.tokens = meter?.report(at: now)
        report.inflight = inflight
        told = Told(throttledUntil: throttledUntil, opening: breaker.opening, out: isReloading ? told.out : out)
        hasRenewed = false
        return report
    }

    /// The report may not have arrived.
    mutating func reportWasLost() { told = Told() }

    mutating func heard(_ standing: EndpointStanding, at now: Timestamp) {
        throttledUntil = max(throttledUntil, now + min(standing.throttledFor, Self.longestThrottle))
        told.throttledUntil = max(told.throttledUntil, throttledUntil)
        if standing.throttledFor > .zero { meter?.filled(for: standing.throttledFor, at: now) }
        hearHealth(standing.health, at: now)
        hearCredentials(standing.out, at: now)
        if isWell { probe = .none }
        if standing.mayProbe { grantProbe(until: now + Self.probeTime) }
    }

    private mutating func hearHealth(_ health: HealthGate?, at now: Timestamp) {
        // What this process has found out itself, and not told yet, is newer.
        guard healthNews(at: now) == nil else { return }
        if let health { breaker.heard(health, at: now) } else if probe != .underWay { breaker.close() }
        told.opening = breaker.opening
    }

    private mutating func hearCredentials(_ gate: CredentialGate?, at now: Timestamp) {
        guard credentialNews(at: now) == nil else { return }
        if let gate {
            let theirs = Out(until: now + gate.closedFor, reason: gate.reason)
            if out == nil || isReloading || (out?.until ?? now) < theirs.until { out = theirs }
        } else if !isReloading, probe != .underWay {
            out = nil
        }
        if !isReloading { told.out = out }
    }

    /// Whether the secret was renewed since this process has read it.
    mutating func learnsOfRenewal(_ count: Int) -> Bool {
        defer { renewals = max(renewals, count) }
        return count > renewals
    }
}
