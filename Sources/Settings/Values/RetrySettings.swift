/// When a failed attempt is repeated: `base_delay` × 2^(attempt − 1), at most `max_delay`, ± `jitter` of it.
package struct RetrySettings: Sendable, Equatable {
    package var maxAttempts = 5
    package var baseDelay: Duration = .milliseconds(500)
    package var maxDelay: Duration = .seconds(60)
    /// A part of the delay, 0 to 1.
    package var jitter = 0.1
    /// Retries of the whole fleet, as a share of first calls.
    package var budget = 0.2
    /// Retries a second that the whole fleet may make in any case.
    package var budgetReserve = 10

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("max_attempts", .integer(1...100), \.maxAttempts),
        KeySpec("base_delay", .duration(.milliseconds(1) ... .seconds(3600)), \.baseDelay),
        KeySpec("max_delay", .duration(.milliseconds(1) ... .days(1)), \.maxDelay),
        KeySpec("jitter", .number(0...1), \.jitter),
        KeySpec("budget", .number(0...1), \.budget),
        KeySpec("budget_reserve", .integer(1...100_000), \.budgetReserve),
    ]
}
