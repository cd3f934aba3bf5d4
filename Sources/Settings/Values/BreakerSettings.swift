/// When an endpoint counts as ill.
package struct BreakerSettings: Sendable, Equatable {
    /// Failures in a row.
    package var failureThreshold = 5
    /// How long it is left alone before a probe.
    package var cooldown: Duration = .seconds(30)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("failure_threshold", .integer(1...10_000), \.failureThreshold),
        KeySpec("cooldown", .duration(.milliseconds(1) ... .days(1)), \.cooldown),
    ]
}
