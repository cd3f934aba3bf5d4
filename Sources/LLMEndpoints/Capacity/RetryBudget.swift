import JobFlow

/// This process' part of the fleet's retry budget: repeated calls are a share of first ones, so that an outage costs calls in
/// proportion to its probes and not to the backlog. (The idea is Finagle's RetryBudget.) A value.
struct RetryBudget: Sendable, Equatable {
    let policy: RetryBudgetPolicy
    private var balance: Double
    private var measuredAt = Timestamp.distantPast
    private var firstCalls = 0
    private var retries = 0

    init(_ policy: RetryBudgetPolicy) {
        self.policy = policy
        balance = policy.reserve
    }

    func allows(at now: Timestamp) -> Bool { balance(at: now) > 0 }

    mutating func called(isRetry: Bool, at now: Timestamp) {
        balance = balance(at: now) + (isRetry ? -1 : policy.ratio)
        measuredAt = max(measuredAt, now)
        if isRetry { retries += 1 } else { firstCalls += 1 }
    }

    /// The call was refused for being one too many, or never went out: it is as if it had not been made.
    mutating func gaveBack(isRetry: Bool, at now: Timestamp) {
        balance = balance(at: now) + (isRetry ? 1 : -policy.ratio)
        measuredAt = max(measuredAt, now)
        if isRetry { retries -= 1 } else { firstCalls -= 1 }
    }

    mutating func report() -> RetryReport {
        defer { (firstCalls, retries) = (0, 0) }
        return RetryReport(
            firstCalls: firstCalls, retries: retries, ratio: policy.ratio, reserve: policy.reserve)
    }

    /// What the fleet leaves to this process. Calls since the report are not in it yet.
    mutating func measured(_ allowance: Double, at now: Timestamp) {
        balance = allowance + Double(firstCalls) * policy.ratio - Double(retries)
        measuredAt = now
    }

    var hasNews: Bool { firstCalls != 0 || retries != 0 }

    private func balance(at now: Timestamp) -> Double {
        min(policy.most, balance + policy.reserve * max(0, (now - measuredAt).inSeconds))
    }
}

package struct RetryBudgetPolicy: Sendable, Equatable {
    /// Retries earned by one first call.
    package var ratio: Double
    /// Retries a second that may always be made.
    package var reserve: Double

    package init(ratio: Double = 0.2, reserve: Double = 10) {
        self.ratio = ratio
        self.reserve = reserve
    }

    var most: Double { max(10 * reserve, 1000 * ratio) }
}
