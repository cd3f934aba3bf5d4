/// The leaky bucket that a deployment admits calls by, as Azure describes it for provisioned throughput.
///
/// A call is admitted while the level is below one minute's tokens, and then adds its estimate, so a burst may pass
/// above the brim. The level drains evenly. Times are microseconds from any fixed start.
package struct AdmissionBucket: Sendable, Equatable {
    package enum Admission: Sendable, Equatable {
        case admitted
        /// Full; a call will be admitted after exactly this many milliseconds, unless others come first.
        case full(retryAfterMs: Int)
    }

    /// One token in the unit of the level. A level drains by `tokensPerMinute` units in a microsecond: no rounding.
    private static let token: Int64 = 60_000_000
    private static let largestCall = 1_000_000_000

    private var level: Int64 = 0
    private var updated: Int64 = 0

    package init() {}

    package mutating func admit(_ tokens: Int, tokensPerMinute: Int?, now: Int64) -> Admission {
        guard let tokensPerMinute, tokensPerMinute > 0 else { return .admitted }
        drain(tokensPerMinute, now: now)
        let excess = level - Int64(tokensPerMinute) * Self.token
        if excess >= 0 {
            return .full(retryAfterMs: Int(excess / (Int64(tokensPerMinute) * 1000)) + 1)
        }
        add(tokens)
        return .admitted
    }

    /// Replaces an estimate by what the call really used.
    package mutating func correct(by tokens: Int, tokensPerMinute: Int?) {
        guard tokensPerMinute != nil else { return }
        add(tokens)
    }

    /// Tokens until the brim.
    package func remaining(tokensPerMinute: Int, now: Int64) -> Int {
        var drained = self
        drained.drain(tokensPerMinute, now: now)
        return max(0, tokensPerMinute - Int(drained.level / Self.token))
    }

    private mutating func add(_ tokens: Int) {
        level = max(0, level + Int64(min(max(tokens, -Self.largestCall), Self.largestCall)) * Self.token)
    }

    private mutating func drain(_ tokensPerMinute: Int, now: Int64) {
        // Calls of two threads may carry times in the other order than they come here.
        guard now > updated else { return }
        let (drained, overflow) = (now - updated).multipliedReportingOverflow(by: Int64(tokensPerMinute))
        level = overflow ? 0 : max(0, level - drained)
        updated = now
    }
}
