import JobFlow

/// The policy of a breaker. The first two defaults are those of the reference design.
package struct BreakerPolicy: Sendable, Equatable {
    /// Consecutive failures that open it.
    package var failureThreshold: Int
    /// How long it stays open before one probe may pass; twice as long after each probe that fails.
    package var cooldown: Duration
    package var longestCooldown: Duration
    /// The share of failed or slow calls among the last ones that opens it, too.
    package var rate: Double
    /// Calls without which no share is believed.
    package var rateCalls: Int

    package init(
        failureThreshold: Int = 5, cooldown: Duration = .seconds(30), longestCooldown: Duration = .seconds(300),
        rate: Double = 0.5, rateCalls: Int = 20
    ) {
        self.failureThreshold = failureThreshold
        self.cooldown = cooldown
        self.longestCooldown = max(cooldown, longestCooldown)
        self.rate = rate
        self.rateCalls = rateCalls
    }

    func cooldown(round: Int) -> Duration {
        // Beyond 2^20 the longest has been reached; the bound keeps the arithmetic from overflowing.
        min(cooldown * (1 << min(max(round, 1) - 1, 20)), longestCooldown)
    }
}

/// Keeps calls away from an endpoint that fails again and again. A value: it is told what happened and when. Who probes an
/// open one is elected among the fleet.
struct CircuitBreaker: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case closed(failures: Int)
        case open(Opening)
    }

    struct Opening: Sendable, Equatable {
        /// From then on one probe may pass.
        var until: Timestamp
        /// How often in a row it opened.
        var round = 1
        /// The endpoint could not be reached.
        var isUnreachable = false
        /// It could be since, without a prompt.
        var wasReached = false
    }

    var policy: BreakerPolicy
    private(set) var state: State = .closed(failures: 0)
    private var window = CallWindow()

    init(policy: BreakerPolicy) { self.policy = policy }

    var opening: Opening? {
        if case .open(let opening) = state { return opening }
        return nil
    }

    /// - Parameter isLast: no other endpoint could take its calls. Then a share of slow or failed calls does not open it:
    ///   slow is better than nothing.
    mutating func succeeded(isProbe: Bool = false, isSlow: Bool = false, isLast: Bool = false, at now: Timestamp) {
        // A probe of what another process has closed meanwhile is a call like any other.
        if isProbe, opening != nil { return isSlow && !isLast ? reopen(at: now, isUnreachable: false) : close() }
        // A call that started before the breaker opened says nothing about the endpoint's health now.
        guard case .closed = state else { return }
        state = .closed(failures: 0)
        window.record(isFailure: false, isSlow: isSlow, at: now)
        openByRate(isLast: isLast, at: now)
    }

    mutating func failed(isProbe: Bool = false, isUnreachable: Bool = false, isLast: Bool = false, at now: Timestamp) {
        if isProbe, opening != nil { return reopen(at: now, isUnreachable: isUnreachable) }
        guard case .closed(let failures) = state else { return }
        window.record(isFailure: true, isSlow: false, at: now)
        if failures + 1 >= policy.failureThreshold {
            open(Opening(until: now + policy.cooldown, isUnreachable: isUnreachable))
        } else {
            state = .closed(failures: failures + 1)
            openByRate(isLast: isLast, at: now)
        }
    }

    /// Most of its calls under way take much longer than elsewhere.
    mutating func foundSlow(at now: Timestamp) {
        guard opening == nil else { return }
        open(Opening(until: now + policy.cooldown))
    }

    /// It answered a look that carries no prompt: a probe need not wait any longer.
    mutating func wasReached(at now: Timestamp) {
        guard var opening, opening.isUnreachable else { return }
        opening.until = min(opening.until, now)
        opening.wasReached = true
        state = .open(opening)
    }

    /// What another process found out. The later round counts, in one round the longer time.
    mutating func heard(_ gate: HealthGate, at now: Timestamp) {
        let theirs = Opening(until: now + gate.closedFor, round: gate.round, isUnreachable: gate.isUnreachable)
        guard let opening, opening.round >= theirs.round else { return open(theirs) }
        if opening.round == theirs.round, !opening.wasReached, opening.until < theirs.until { open(theirs) }
    }

    mutating func close() {
        state = .closed(failures: 0)
        window = CallWindow()
    }

    private mutating func reopen(at now: Timestamp, isUnreachable: Bool) {
        let round = (opening?.round ?? 0) + 1
        open(Opening(until: now + policy.cooldown(round: round), round: round, isUnreachable: isUnreachable))
    }

    private mutating func open(_ opening: Opening) {
        state = .open(opening)
        window = CallWindow()
    }

    private mutating func openByRate(isLast: Bool, at now: Timestamp) {
        guard !isLast, window.count >= policy.rateCalls, max(window.failureRate, window.slowRate) >= policy.rate else {
            return
        }
        open(Opening(until: now + policy.cooldown))
    }
}
