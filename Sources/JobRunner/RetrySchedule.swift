import JobFlow

/// How long a job waits between two rounds over the pool: `base × 2^(round − 1)`, at most `maximum`, then ± `jitter` of it.
/// The defaults are those of the reference design.
///
/// | round | 1 | 2 | 3 | 4 |
/// | --- | --- | --- | --- | --- |
/// | wait | 0.5 s | 1 s | 2 s | 4 s |
package struct RetrySchedule: Sendable, Equatable {
    package var base: Duration
    package var maximum: Duration
    /// 0…1: the share of the wait by which it may be shorter or longer.
    package var jitter: Double

    package init(base: Duration = .milliseconds(500), maximum: Duration = .seconds(60), jitter: Double = 0.1) {
        self.base = base
        self.maximum = maximum
        self.jitter = jitter
    }

    /// - Parameters:
    ///   - round: 1 for the first wait of a job.
    ///   - chance: a number of −1…1, from the caller's source of randomness.
    package func delay(round: Int, chance: Double) -> Duration {
        // Beyond 2^30 the maximum has long been reached; the bound keeps the arithmetic from overflowing.
        let doubled = base.inSeconds * Double(1 << min(max(round, 1) - 1, 30))
        let seconds = min(doubled, maximum.inSeconds) * (1 + jitter * chance)
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
