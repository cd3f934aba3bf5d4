/// The leaky bucket that a deployment admits calls by, as Azure describes it for provisioned throughput.
///
/// A call is admitted while the level is below the brim, and then adds its estimate, so a burst may pass above it. The
/// level drains evenly. Tokens are weighted ones; times are microseconds from any fixed start.
package struct AdmissionBucket: Sendable, Equatable {
    /// The brim, unless the endpoint names another: one minute's tokens.
    package static let usualBurstSeconds = 60.0

    /// One token in the unit of the level. A level drains by `tokensPerMinute` units in a microsecond: no rounding.
    private static let token: Int64 = 60_000_000
    private static let largestCall = 1_000_000_000
    private static let longestBurst = 3600.0

    private var level: Int64 = 0
    private var updated: Int64 = 0
    /// Time since the last restart of the meter in which it was empty though it has a rate.
    private(set) var idleMicroseconds: Int64 = 0
    /// Tokens that would have drained since then if it had never been empty.
    private(set) var capacityTokens = 0.0

    package init() {}

    package mutating func admit(
        _ tokens: Int, tokensPerMinute: Int?, burstSeconds: Double = Self.usualBurstSeconds, now: Int64
    ) -> Admission {
        advance(tokensPerMinute: tokensPerMinute, now: now)
        guard let tokensPerMinute, tokensPerMinute > 0 else { return .admitted }
        let excess = level - Self.brim(tokensPerMinute, burstSeconds)
        if excess >= 0 {
            return .full(retryAfterMs: Int(excess / (Int64(tokensPerMinute) * 1000)) + 1)
        }
        add(tokens)
        return .admitted
    }

    /// Replaces an estimate by what the call really used.
    package mutating func correct(by tokens: Int, tokensPerMinute: Int?, now: Int64) {
        // What drained until now must not drain again from what is added.
        advance(tokensPerMinute: tokensPerMinute, now: now)
        guard tokensPerMinute != nil else { return }
        add(tokens)
    }

    /// Lets the time pass. Without a rate nothing is kept.
    package mutating func advance(tokensPerMinute: Int?, now: Int64) {
        // Calls of two threads may carry times in the other order than they come here.
        guard now > updated else { return }
        let elapsed = now - updated
        updated = now
        guard let tokensPerMinute, tokensPerMinute > 0 else {
            level = 0
            return
        }
        drain(Int64(tokensPerMinute), for: elapsed)
    }

    /// Counts idle time and capacity from now on; the level stays.
    package mutating func restartMeter(tokensPerMinute: Int?, now: Int64) {
        advance(tokensPerMinute: tokensPerMinute, now: now)
        (idleMicroseconds, capacityTokens) = (0, 0)
    }

    /// Tokens in it at the time it was last looked at.
    package var tokens: Int { Int(level / Self.token) }

    /// Tokens until the brim.
    package func remaining(
        tokensPerMinute: Int, burstSeconds: Double = Self.usualBurstSeconds, now: Int64
    ) -> Int {
        var drained = self
        drained.advance(tokensPerMinute: tokensPerMinute, now: now)
        return max(0, Int(Self.brim(tokensPerMinute, burstSeconds) / Self.token) - drained.tokens)
    }

    private static func brim(_ tokensPerMinute: Int, _ burstSeconds: Double) -> Int64 {
        // Not checked when set by code: NaN becomes the shortest burst.
        let seconds = burstSeconds > 0.001 ? min(burstSeconds, longestBurst) : 0.001
        return Int64(Double(tokensPerMinute) * seconds * 1_000_000)
    }

    private mutating func add(_ tokens: Int) {
        level = max(0, level + Int64(min(max(tokens, -Self.largestCall), Self.largestCall)) * Self.token)
    }

    private mutating func drain(_ rate: Int64, for elapsed: Int64) {
        idleMicroseconds += max(0, elapsed - (level + rate - 1) / rate)
        capacityTokens += Double(elapsed) * Double(rate) / Double(Self.token)
        let (drained, overflow) = elapsed.multipliedReportingOverflow(by: rate)
        level = overflow ? 0 : max(0, level - drained)
    }
}
