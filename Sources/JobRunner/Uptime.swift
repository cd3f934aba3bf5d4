/// Time since some moment, by a clock that nobody sets and that goes on while the process is stopped. A test brings its own.
package typealias Uptime = @Sendable () -> Duration

enum SystemUptime {
    private static let start = ContinuousClock.now

    static let now: Uptime = { start.duration(to: .now) }
}
