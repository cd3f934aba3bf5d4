/// How long a supervisor waits before it starts a dead child again: 100 ms, doubled with each death in a row, at most 10 s. A
/// child that lived for a minute starts anew. Pure.
struct RestartPolicy: Sendable, Equatable {
    static let first = Duration.milliseconds(100)
    static let longest = Duration.seconds(10)
    static let settled = Duration.seconds(60)

    private(set) var deaths = 0

    mutating func died(after life: Duration) -> Duration {
        deaths = life >= Self.settled ? 1 : deaths + 1
        return min(Self.first * (1 << min(deaths - 1, 10)), Self.longest)
    }
}
