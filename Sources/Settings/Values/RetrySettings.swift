/// When a failed attempt is repeated: `base_delay` × 2^(attempt − 1), at most `max_delay`, ± `jitter` of it.
package struct RetrySettings: Sendable, Equatable {
    package var maxAttempts = 5
    package var baseDelay: Duration = .milliseconds(500)
    package var maxDelay: Duration = .seconds(60)
    /// A part of the delay, 0 to 1.
    package var jitter = 0.1

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("max_attempts", .integer(1...100), \.maxAttempts),
        KeySpec("base_delay", .duration(.milliseconds(1) ... .seconds(3600)), \.baseDelay),
        KeySpec("max_delay", .duration(.milliseconds(1) ... .days(1)), \.maxDelay),
        KeySpec("jitter", .number(0...1), \.jitter),
    ]
}
