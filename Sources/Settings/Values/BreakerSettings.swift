/// When an endpoint counts as ill.
package struct BreakerSettings: Sendable, Equatable {
    /// Failures in a row.
    package var failureThreshold = 5
    /// How long it is left alone before a probe.
    package var cooldown: Duration = .seconds(30)
    /// It doubles with every probe that fails, up to this.
    package var maxCooldown: Duration = .seconds(300)
    /// The share of failed or slow calls among the last ones at which an endpoint counts as ill, too.
    package var failureRate = 0.5

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("failure_threshold", .integer(1...10_000), \.failureThreshold),
        KeySpec("cooldown", .duration(.milliseconds(1) ... .days(1)), \.cooldown),
        KeySpec("max_cooldown", .duration(.milliseconds(1) ... .days(1)), \.maxCooldown),
        KeySpec("failure_rate", .number(0.01...1), \.failureRate),
    ]
}
