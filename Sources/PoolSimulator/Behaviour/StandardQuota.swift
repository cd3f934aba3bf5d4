/// The quota of a standard deployment, as Azure describes it: estimated tokens are counted up to a limit that is reset
/// each minute and never corrected; requests are held to a sixth of their limit in every ten seconds, and count even
/// when they fail or are throttled.
///
/// A call that finds a token left is admitted whole, so a minute may pass its limit by one call. Minutes and slices
/// start at time 0; times are microseconds.
package struct StandardQuota: Sendable, Equatable {
    private static let minute: Int64 = 60_000_000
    private static let slice: Int64 = 10_000_000

    private var minuteNumber: Int64 = 0
    private var tokens = 0
    private var sliceNumber: Int64 = 0
    private var requests = 0

    package init() {}

    package mutating func countRequest(now: Int64) {
        advance(to: now)
        requests += 1
    }

    /// The request itself has been counted already.
    package mutating func admit(_ estimate: Int, tokensPerMinute: Int?, requestsPerMinute: Int?, now: Int64)
        -> Admission
    {
        advance(to: now)
        if let requestsPerMinute, requests > Self.sliceLimit(requestsPerMinute) {
            return .full(retryAfterMs: Self.left(of: Self.slice, at: now), reason: .requests)
        }
        if let tokensPerMinute, tokens >= tokensPerMinute {
            return .full(retryAfterMs: Self.left(of: Self.minute, at: now), reason: .tokens)
        }
        let (sum, overflow) = tokens.addingReportingOverflow(max(0, estimate))
        tokens = overflow ? .max : sum
        return .admitted
    }

    /// Estimated tokens of this minute.
    package func tokens(now: Int64) -> Int { advanced(to: now).tokens }

    /// What the headers say. Azure grants six requests for every thousand tokens where no other limit is set.
    package func room(tokensPerMinute: Int?, requestsPerMinute: Int?, now: Int64) -> RateRoom? {
        guard tokensPerMinute != nil || requestsPerMinute != nil else { return nil }
        let current = advanced(to: now)
        let limit = tokensPerMinute ?? RateRoom.plenty.limit
        let remaining = max(0, limit - current.tokens)
        return RateRoom(
            limit: limit, remaining: remaining,
            limitRequests: requestsPerMinute ?? RateRoom.requests(limit),
            remainingRequests: requestsPerMinute.map { max(0, Self.sliceLimit($0) - current.requests) }
                ?? RateRoom.requests(remaining),
            resetTokens: (Self.left(of: Self.minute, at: now) + 999) / 1000,
            resetRequests: (Self.left(of: Self.slice, at: now) + 999) / 1000)
    }

    /// Of ten seconds; the smallest limits still let one request through.
    static func sliceLimit(_ requestsPerMinute: Int) -> Int { max(1, requestsPerMinute / 6) }

    /// Whole milliseconds until the window ends, rounded up.
    private static func left(of window: Int64, at now: Int64) -> Int { Int((window - now % window + 999) / 1000) }

    private func advanced(to now: Int64) -> StandardQuota {
        var current = self
        current.advance(to: now)
        return current
    }

    private mutating func advance(to now: Int64) {
        if now / Self.minute > minuteNumber { (minuteNumber, tokens) = (now / Self.minute, 0) }
        if now / Self.slice > sliceNumber { (sliceNumber, requests) = (now / Self.slice, 0) }
    }
}
