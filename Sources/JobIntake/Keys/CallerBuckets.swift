import JobFlow
import Synchronization

/// What callers have used of their limits lately, at this intake. (Each intake counts for itself.)
final class CallerBuckets: Sendable {
    private struct Buckets {
        var requests: LimitBucket?
        var tokens: LimitBucket?
    }

    private static let start = ContinuousClock.now

    /// By a clock that nobody sets.
    static var uptime: Duration { start.duration(to: .now) }

    private let buckets = Mutex<[String: Buckets]>([:])

    /// - Parameter now: time since any fixed moment.
    /// - Throws: 429 with the wait.
    func admitRequest(_ caller: Caller, at now: Duration) throws(IntakeProblem) {
        guard let rate = caller.limits.requestsPerSecond else { return }
        try take(1, caller, \.requests, LimitBucket(perSecond: Double(rate), most: Double(rate)), at: now)
    }

    /// A request is admitted while there is anything left, whatever it takes.
    func admitTokens(_ tokens: Int, _ caller: Caller, at now: Duration) throws(IntakeProblem) {
        guard let limit = caller.limits.tokensPerMinute else { return }
        let full = LimitBucket(perSecond: Double(limit) / 60, most: Double(limit))
        try take(Double(tokens), caller, \.tokens, full, at: now)
    }

    private func take(
        _ amount: Double, _ caller: Caller, _ bucket: any WritableKeyPath<Buckets, LimitBucket?> & Sendable,
        _ full: LimitBucket, at now: Duration
    ) throws(IntakeProblem) {
        let wait = buckets.withLock { buckets in
            var own = buckets[caller.name] ?? Buckets()
            var left = own[keyPath: bucket] ?? full
            let wait = left.take(amount, at: now)
            own[keyPath: bucket] = left
            buckets[caller.name] = own
            return wait
        }
        if let wait { throw .rateLimited(wait) }
    }
}

/// A token bucket. A value.
struct LimitBucket: Sendable, Equatable {
    let perSecond: Double
    let most: Double
    private var left: Double
    private var at: Duration?

    init(perSecond: Double, most: Double) {
        self.perSecond = perSecond
        self.most = most
        left = most
    }

    /// Nil when it was there; else how long until there is any, and nothing is taken.
    mutating func take(_ amount: Double, at now: Duration) -> Duration? {
        left = min(most, left + perSecond * max(0, (now - (at ?? now)).inSeconds))
        at = now
        guard left >= min(1, amount) else { return .seconds((min(1, amount) - left) / perSecond) }
        left -= amount
        return nil
    }
}
