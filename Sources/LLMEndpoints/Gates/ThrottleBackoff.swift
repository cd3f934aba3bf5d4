import JobFlow

/// How long a full endpoint rests that does not say for how long: twice as long each time, until it has answered. A value.
struct ThrottleBackoff: Sendable, Equatable {
    static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(32)

    private var round = 0
    private var rest = Duration.zero
    private var startedAt = Timestamp.distantPast

    /// - Parameter start: of the call that was refused. One that began before the last rest says nothing new.
    mutating func next(begunAt start: Timestamp, at now: Timestamp) -> Duration {
        guard start >= startedAt + rest else { return Self.first }
        rest = min(Self.first * (1 << min(round, 8)), Self.longest)
        (round, startedAt) = (round + 1, now)
        return rest
    }

    mutating func answered() { round = 0 }
}
