import JobFlow

/// Everything that decides whether one endpoint may be called: the three gates that the fleet shares, each for its own
/// reason, and the limits. A value.
struct EndpointGate: Sendable, Equatable {
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
    /// Whoever had the probe, and did not use it, leaves it to others for so long.
    static let othersTurn = Duration.seconds(1)
    /// Nobody knows when a drained endpoint is put back; whoever waits for it asks again after so long.
    static let drainedPause = Duration.seconds(1)

    struct Out: Sendable, Equatable {
        var until: Timestamp
        var reason: String
        /// Nobody has read the secret again yet.
        var isReloading = false
    }

    struct Told: Sendable, Equatable {
        var throttledUntil = Timestamp.distantPast
        var opening: CircuitBreaker.Opening?
        var out: Out?
    }

    struct Asked: Sendable, Equatable {
        var probe = Timestamp.distantPast
        var reload = Timestamp.distantPast
    }

    enum Probe: Sendable, Equatable {
        case none
        case granted(until: Timestamp)
        case underWay
    }

    var breaker: CircuitBreaker
    var throttledUntil = Timestamp.distantPast
    var throttleBackoff = ThrottleBackoff()
    var out: Out?
    var probe = Probe.none
    var inflight = 0
    var ages = InflightAges()
    var meter: TokenMeter?
    var concurrency = ConcurrencyLimit()
    var quickest = QuickestAnswer()
    var speed = EndpointSpeed()
    /// What the fleet knows of the gates; the rest is news.
    var told = Told()
    /// What the fleet was asked for, and when.
    var asked = Asked()
    /// A report has not been answered yet.
    var awaitsReply = false
    /// How often the fleet renewed the secret, as far as this process has followed.
    var renewals = 0
    var hasRenewed = false
    /// Somebody took it out of the pool by hand. Calls under way go on.
    var isDrained = false
    /// The secret is being read by this process, was read.
    var isReading = false
    var readAt = Timestamp.distantPast
    var maxInflight: Int?
    var misconfiguredRest: Duration

    init(policy: BreakerPolicy, maxInflight: Int?, misconfiguredRest: Duration, capacity: EndpointCapacity? = nil) {
        breaker = CircuitBreaker(policy: policy)
        meter = capacity.map(TokenMeter.init)
        self.maxInflight = maxInflight
        self.misconfiguredRest = misconfiguredRest
    }

    /// Neither ill nor out.
    var isWell: Bool { breaker.opening == nil && out == nil }

    /// Works, and may be called: what others are measured by.
    var isInUse: Bool { isWell && !isDrained }

    /// Calls that could start now.
    func room(at now: Timestamp) -> Int {
        guard !isDrained, throttledUntil <= now else { return 0 }
        let free = maxInflight.map { max(0, $0 - inflight) } ?? .max
        guard isWell else { return isProbeDue(at: now) && holdsProbe(at: now) ? min(1, free) : 0 }
        guard let meter else { return min(free, concurrency.room(inflight: inflight, at: now)) }
        return min(free, meter.calls(at: now))
    }

    /// When a gate that is closed opens by itself; nil if none is closed by time.
    func opensAt(_ now: Timestamp) -> Timestamp? {
        let times = [
            throttledUntil, out?.until, breaker.opening?.until, meter?.opensAt(now),
            isDrained ? now + Self.drainedPause : nil,
        ]
        return times.compactMap(\.self).filter { $0 > now }.max()
    }

    /// Closed by a gate, and not only busy.
    func isClosed(at now: Timestamp) -> Bool { isDrained || throttledUntil > now || !isWell }

    /// Whether calls can start that a gate kept away before.
    func hasOpened(since before: EndpointGate, at now: Timestamp) -> Bool {
        before.isClosed(at: now) && before.room(at: now) == 0 && room(at: now) > 0
    }

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
        ages.began(at: now)
        meter?.admit(tokens, at: now)
        guard !isWell else { return false }
        probe = .underWay
        return true
    }
}
