/// How closely one commit follows another: a pure machine. A commit costs as much as several rows do, so that while many
/// callers wait at a time it is worth its cost to let more come. Whoever writes alone, or among few, never waits for others.
struct CommitPace: Sendable {
    /// From the start of one commit to that of the next. Many disks need longer than that for their flush.
    static let interval = Duration.milliseconds(2)
    /// So many callers in one commit: more are on their way.
    static let crowd = 8

    private var next: ContinuousClock.Instant?

    /// A commit for so many callers begins.
    mutating func begin(_ callers: Int, at now: ContinuousClock.Instant) {
        next = callers < Self.crowd ? nil : now + Self.interval
    }

    /// How long the next commit has to wait; nil when it may begin.
    func wait(at now: ContinuousClock.Instant) -> Duration? {
        guard let next, next > now else { return nil }
        return next - now
    }
}
