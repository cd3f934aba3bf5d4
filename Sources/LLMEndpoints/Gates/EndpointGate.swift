import JobFlow

/// Everything that decides whether one endpoint may be called: the three gates that the fleet shares, each for its own
/// reason, and the limits. A value.
struct EndpointGate: Sendable, Equatable {
    /// A throttle without a time is taken for this long.
    static let defaultThrottle = Duration.seconds(1)
    /// A zero would have a full endpoint asked again at once, round and round.
    static let shortestThrottle = Duration.milliseconds(50)
    /// Times beyond this are not believed: 24 hours have been seen where a minute was meant.
    static let longestThrottle = Duration.seconds(120)
    /// While the secret is read again.
    static let reloadPause = Duration.seconds(2)
    /// How long the probe is held by the process that has it. Asked again in time, it keeps it.
    static let probeTime = Duration.seconds(5)
    /// What another process has is asked for again after so long.
    static let askAgain = Duration.milliseconds(500)

    struct Out: Sendable, Equatable {
        var until: Timestamp
        var reason: String
        /// Nobody has read the secret again yet.
        var isReloading = false
    }

    struct Told: Sendable, Equatable {
        var throttledUntil = Timestamp(milliseconds: 0)
        var opening: CircuitBreaker.Opening?
        var out: Out?
    }

    enum Probe: Sendable, Equatable {
        case none
        case granted(until: Timestamp)
        case underWay
    }

    var breaker: CircuitBreaker
    var throttledUntil = Timestamp(milliseconds: 0)
    var out: Out?
    var probe = Probe.none
    private(set) var inflight = 0
    var renewals = 0
    var meter: TokenMeter?
    private var concurrency = ConcurrencyLimit()
    private var quickest = QuickestAnswer()
    var speed = EndpointSpeed()
    /// What the fleet knows of the gates; the rest is news.
    var told = Told()
    var hasRenewed = false
    /// For the probe, or for reading the secret.
    var askedAt = Timestamp(milliseconds: 0)
    let maxInflight: Int?
    let misconfiguredRest: Duration

    init(policy: BreakerPolicy, maxInflight: Int?, misconfiguredRest: Duration, capacity: EndpointCapacity? = nil) {
        breaker = CircuitBreaker(policy: policy)
        meter = capacity.map(TokenMeter.init)
        self.maxInflight = maxInflight
        self.misconfiguredRest = misconfiguredRest
    }

    /// Neither ill nor out.
    var isWell: Bool { breaker.opening == nil && out == nil }

    /// Calls that could start now.
    func room(at now: Timestamp) -> Int {
        guard throttledUntil <= now else { return 0 }
        let free = maxInflight.map { max(0, $0 - inflight) } ?? .max
        guard isWell else { return isProbeDue(at: now) && holdsProbe(at: now) ? min(1, free) : 0 }
        guard let meter else { return min(free, concurrency.room(inflight: inflight, at: now)) }
        return min(free, meter.calls(at: now))
    }

    /// When a gate that is closed opens by itself; nil if none is closed by time.
    func opensAt(_ now: Timestamp) -> Timestamp? {
        let times = [throttledUntil, out?.until, breaker.opening?.until, meter?.opensAt(now)]
        return times.compactMap(\.self).filter { $0 > now }.max()
    }

    /// Closed by a gate, and not only busy.
    func isClosed(at now: Timestamp) -> Bool { throttledUntil > now || !isWell }

    /// Whether a call that begins now can be over by then, as far as lately seen answers tell.
    func canAnswer(by deadline: Timestamp?, from now: Timestamp) -> Bool {
        guard let deadline, let least = quickest.leastTime(at: now) else { return true }
        return now + least < deadline
    }

    /// Whether one call may pass, if this process is the one that probes.
    func isProbeDue(at now: Timestamp) -> Bool {
        !isWell && probe != .underWay && (breaker.opening?.until ?? now) <= now && (out?.until ?? now) <= now
    }

    func holdsProbe(at now: Timestamp) -> Bool {
        if case .granted(let until) = probe { return until > now }
        return false
    }

    mutating func grantProbe(until: Timestamp) {
        if probe != .underWay { probe = .granted(until: until) }
    }

    /// Returns whether the call is a probe.
    mutating func began(_ tokens: Double = 0, at now: Timestamp) -> Bool {
        inflight += 1
        meter?.admit(tokens, at: now)
        guard !isWell else { return false }
        probe = .underWay
        return true
    }

    mutating func answered(after time: Duration, output: Int, at now: Timestamp) {
        quickest.answered(after: time, at: now)
        speed.answered(after: time, output: output, at: now)
        concurrency.answered(inflight: inflight + 1, at: now)
    }

    mutating func ended(_ call: EndedCall, at now: Timestamp) {
        inflight -= 1
        if call.isProbe { probe = .none }
        switch call.signal {
        case .healthy:
            breaker.succeeded(isProbe: call.isProbe, isSlow: call.isSlow, isLast: call.isLast, at: now)
            if call.isProbe { out = nil }
        case .unhealthy(let rest):
            breaker.failed(isProbe: call.isProbe, isLast: call.isLast, at: now)
            if let rest { throttle(for: rest, at: now) }
        case .unreachable: breaker.failed(isProbe: call.isProbe, isUnreachable: true, isLast: call.isLast, at: now)
        case .throttled(let wait): wasThrottled(for: wait ?? Self.defaultThrottle, call, at: now)
        case .spilledOver: wasThrottled(for: Self.defaultThrottle, call, at: now)
        case .unauthorized:
            let pause = call.isProbe ? misconfiguredRest : Self.reloadPause
            goOut(Out(until: now + pause, reason: "unauthorized", isReloading: !call.isProbe), isProbe: call.isProbe)
        case .misconfigured(let reason):
            goOut(Out(until: now + misconfiguredRest, reason: reason), isProbe: call.isProbe)
        case .silent: break
        }
    }

    /// It was read again and is the same: nothing but a person helps.
    mutating func keepOut(at now: Timestamp) {
        guard let out, out.isReloading else { return }
        goOut(Out(until: now + misconfiguredRest, reason: out.reason), isProbe: false)
    }

    /// It was read again and is another one.
    mutating func renewed() {
        out = nil
        hasRenewed = true
    }

    mutating func wasReached(at now: Timestamp) { breaker.wasReached(at: now) }

    private mutating func wasThrottled(for wait: Duration, _ call: EndedCall, at now: Timestamp) {
        // An endpoint that says it is full is alive, and lets us in.
        breaker.succeeded(isProbe: call.isProbe, isLast: call.isLast, at: now)
        if call.isProbe { out = nil }
        concurrency.throttled(inflight: inflight + 1, begunAt: call.start, at: now)
        throttle(for: wait, at: now)
    }

    private mutating func throttle(for wait: Duration, at now: Timestamp) {
        let wait = max(Self.shortestThrottle, min(wait, Self.longestThrottle))
        // A later answer never shortens an earlier one.
        throttledUntil = max(throttledUntil, now + wait)
        meter?.filled(for: wait, at: now)
    }

    private mutating func goOut(_ new: Out, isProbe: Bool) {
        // Calls that were under way when it went out say nothing new.
        if !isProbe, let out, !out.isReloading || new.isReloading { return }
        out = new
    }
}
