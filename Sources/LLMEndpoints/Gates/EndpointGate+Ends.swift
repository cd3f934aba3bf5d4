import JobFlow

// What a finished call changes.
extension EndpointGate {
    /// - Parameter output: tokens; nil if the answer does not say.
    mutating func answered(after time: Duration, output: Int?, at now: Timestamp) {
        quickest.answered(after: time, at: now)
        speed.answered(after: time, output: output, at: now)
        concurrency.answered(inflight: inflight, at: now)
        throttleBackoff.answered()
    }

    mutating func ended(_ call: EndedCall, at now: Timestamp) {
        inflight -= 1
        ages.ended(begunAt: call.start)
        if call.isProbe { probe = .none }
        switch call.signal {
        case .healthy:
            breaker.succeeded(isProbe: call.isProbe, isSlow: call.isSlow, isLast: call.isLast, at: now)
            if call.isProbe { out = nil }
        case .unhealthy(let rest):
            breaker.failed(isProbe: call.isProbe, isLast: call.isLast, at: now)
            if let rest { throttle(for: rest, at: now) }
        case .unreachable: breaker.failed(isProbe: call.isProbe, isUnreachable: true, isLast: call.isLast, at: now)
        case .throttled(let wait): wasThrottled(for: wait, call, at: now)
        case .spilledOver: wasThrottled(for: ThrottleBackoff.first, call, at: now)
        case .unauthorized:
            // It went out with the key of before.
            guard call.start > readAt else { break }
            let pause = call.isProbe ? misconfiguredRest : Self.reloadPause
            goOut(Out(until: now + pause, reason: "unauthorized", isReloading: true), isProbe: call.isProbe)
        case .misconfigured(let reason):
            goOut(Out(until: now + misconfiguredRest, reason: reason), isProbe: call.isProbe)
        case .silent: break
        }
    }

    mutating func wasReached(at now: Timestamp) { breaker.wasReached(at: now) }

    private mutating func wasThrottled(for wait: Duration?, _ call: EndedCall, at now: Timestamp) {
        // An endpoint that says it is full is alive, and lets us in.
        breaker.succeeded(isProbe: call.isProbe, isLast: call.isLast, at: now)
        if call.isProbe { out = nil }
        concurrency.throttled(inflight: inflight + 1, begunAt: call.start, at: now)
        throttle(for: wait ?? throttleBackoff.next(begunAt: call.start, at: now), at: now)
    }

    private mutating func throttle(for wait: Duration, at now: Timestamp) {
        let wait = max(Self.shortestThrottle, min(wait, Self.longestThrottle))
        // A later answer never shortens an earlier one.
        throttledUntil = max(throttledUntil, now + wait)
        meter?.refused(for: wait, at: now)
    }

    private mutating func goOut(_ new: Out, isProbe: Bool) {
        // Calls that were under way when it went out say nothing new.
        if !isProbe, let out, !out.isReloading || new.isReloading { return }
        out = new
    }
}
