import JobFlow

/// What one finished call says about its endpoint. Which call says what is in `ClassifyAnswer` and `ClassifyFault`.
enum EndpointSignal: Sendable, Equatable {
    case healthy
    /// Counts against health: server errors, timeouts, broken connections, nonsense.
    case unhealthy
    /// Full: not ill. Closed for as long as it asked, or for a moment if it did not say.
    case throttled(for: Duration?)
    /// Our credentials or the deployment's name are wrong: no call can succeed until somebody acts.
    case misconfigured
    /// The call was cancelled, or its request was at fault.
    case silent
}

/// Everything that decides whether one endpoint may be called: three gates and a limit, each for its own reason.
struct EndpointGate: Sendable, Equatable {
    /// A throttle without a time is taken for this long.
    static let defaultThrottle = Duration.seconds(1)
    /// A zero would have a full endpoint asked again at once, round and round.
    static let shortestThrottle = Duration.milliseconds(50)
    /// Times beyond this are not believed: 24 hours have been seen where a minute was meant.
    static let longestThrottle = Duration.seconds(120)

    private(set) var breaker: CircuitBreaker
    private(set) var throttledUntil = Timestamp(milliseconds: 0)
    private(set) var misconfiguredUntil = Timestamp(milliseconds: 0)
    private(set) var inflight = 0
    private var quickest = QuickestAnswer()
    let maxInflight: Int?
    let misconfiguredRest: Duration

    init(policy: BreakerPolicy, maxInflight: Int?, misconfiguredRest: Duration) {
        breaker = CircuitBreaker(policy: policy)
        self.maxInflight = maxInflight
        self.misconfiguredRest = misconfiguredRest
    }

    /// Calls that could start now.
    func room(at now: Timestamp) -> Int {
        guard throttledUntil <= now, misconfiguredUntil <= now, breaker.admits(at: now) else { return 0 }
        let free = maxInflight.map { max(0, $0 - inflight) } ?? .max
        if case .open = breaker.state { return min(1, free) }
        return free
    }

    /// When a gate that is closed opens by itself; nil if none is closed by time.
    func opensAt(_ now: Timestamp) -> Timestamp? {
        let times = [throttledUntil, misconfiguredUntil, breaker.opensAt(now)].compactMap(\.self).filter { $0 > now }
        return times.max()
    }

    /// Whether a call that begins now can be over by then, as far as lately seen answers tell.
    func canAnswer(by deadline: Timestamp?, from now: Timestamp) -> Bool {
        guard let deadline, let least = quickest.leastTime(at: now) else { return true }
        return now + least < deadline
    }

    mutating func answered(after time: Duration, at now: Timestamp) { quickest.answered(after: time, at: now) }

    mutating func began(at now: Timestamp) {
        inflight += 1
        breaker.began(at: now)
    }

    mutating func ended(_ signal: EndpointSignal, at now: Timestamp) {
        inflight -= 1
        switch signal {
        case .healthy: breaker.succeeded()
        case .unhealthy: breaker.failed(at: now)
        case .silent: breaker.endedWithoutEvidence(at: now)
        case .throttled(let wait):
            // An endpoint that says it is full is alive.
            breaker.succeeded()
            let wait = max(Self.shortestThrottle, min(wait ?? Self.defaultThrottle, Self.longestThrottle))
            // A later answer never shortens an earlier one.
            throttledUntil = max(throttledUntil, now + wait)
        case .misconfigured:
            breaker.endedWithoutEvidence(at: now)
            misconfiguredUntil = max(misconfiguredUntil, now + misconfiguredRest)
        }
    }
}
