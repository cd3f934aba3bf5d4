import JobFlow

/// The policy of a breaker. The defaults are those of the reference design.
package struct BreakerPolicy: Sendable, Equatable {
    /// Consecutive failures that open it.
    package var failureThreshold: Int
    /// How long it stays open before one probe may pass.
    package var cooldown: Duration

    package init(failureThreshold: Int = 5, cooldown: Duration = .seconds(30)) {
        self.failureThreshold = failureThreshold
        self.cooldown = cooldown
    }
}

/// Keeps calls away from an endpoint that fails again and again. A value: it is told what happened and when.
struct CircuitBreaker: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case closed(failures: Int)
        case open(until: Timestamp)
        /// One call is under way to see whether the endpoint is well again.
        case probing
    }

    let policy: BreakerPolicy
    private(set) var state: State = .closed(failures: 0)

    init(policy: BreakerPolicy) { self.policy = policy }

    /// Whether a call may start; a call that does has to be followed by `began`.
    func admits(at now: Timestamp) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .probing: false
        }
    }

    /// When `admits` turns true without anything else happening; nil if it is now, or depends on a probe.
    func opensAt(_ now: Timestamp) -> Timestamp? {
        if case .open(let until) = state, until > now { return until }
        return nil
    }

    /// A call starts. After the cooldown the first one is the probe.
    mutating func began(at now: Timestamp) {
        if case .open(let until) = state, now >= until { state = .probing }
    }

    mutating func succeeded() {
        switch state {
        case .closed, .probing: state = .closed(failures: 0)
        // A call that started before the breaker opened says nothing about the endpoint's health now.
        case .open: break
        }
    }

    mutating func failed(at now: Timestamp) {
        switch state {
        case .closed(let failures) where failures + 1 < policy.failureThreshold: state = .closed(failures: failures + 1)
        case .closed, .probing: state = .open(until: now + policy.cooldown)
        case .open: break
        }
    }

    /// A call ended in a way that says nothing about health: cancelled, or refused for our credentials.
    mutating func endedWithoutEvidence(at now: Timestamp) {
        if state == .probing { state = .open(until: now) }
    }
}
