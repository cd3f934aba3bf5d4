import JobFlow

/// The fleet's retries: a bucket that first calls and time fill.
struct PooledRetries: Sendable {
    private var left: Double?
    private var at = Timestamp(milliseconds: 0)

    /// Returns what is left.
    mutating func charge(_ report: RetryReport, at now: Timestamp) -> Double {
        let grown = left.map { $0 + report.reserve * max(0, (now - at).inSeconds) } ?? report.reserve
        let earned = grown + report.ratio * Double(report.firstCalls)
        let sum = min(max(10 * report.reserve, 1000 * report.ratio), earned) - Double(report.retries)
        (left, at) = (sum, now)
        return sum
    }
}
