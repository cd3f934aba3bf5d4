import JobFlow

/// The shortest time in which an endpoint has answered lately: what no call can be expected to undercut by much. Looks back
/// one to two minutes, so that an endpoint that has become faster is believed soon.
struct QuickestAnswer: Sendable, Equatable {
    static let window = Duration.seconds(60)

    private var began: Timestamp?
    private var current: Duration?
    private var previous: Duration?

    mutating func answered(after time: Duration, at now: Timestamp) {
        turn(at: now)
        current = min(time, current ?? time)
    }

    /// Half of the shortest: a small prompt may be answered faster than all that were seen. Nil if none was seen lately.
    func leastTime(at now: Timestamp) -> Duration? {
        var turned = self
        turned.turn(at: now)
        return [turned.current, turned.previous].compactMap(\.self).min().map { $0 / 2 }
    }

    private mutating func turn(at now: Timestamp) {
        guard let began, now - began < Self.window else {
            let isRecent = began.map { now - $0 < Self.window * 2 } ?? false
            previous = isRecent ? current : nil
            current = nil
            self.began = now
            return
        }
    }
}
