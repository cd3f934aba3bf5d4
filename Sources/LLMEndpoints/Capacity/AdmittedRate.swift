import JobFlow

/// Tokens a second that were lately admitted: those of the running ten seconds, and of the ten before as many as would still
/// lie within ten if they had come evenly. A value of a few bytes; nothing is left of it after twenty.
struct AdmittedRate: Sendable, Equatable {
    private static let span = Duration.seconds(10)

    private var current = 0.0
    private var previous = 0.0
    private var start = Timestamp.distantPast

    /// - Parameter tokens: negative for what is given back.
    mutating func add(_ tokens: Double, at now: Timestamp) {
        turn(to: now)
        current += tokens
    }

    /// Never below zero, though more may have been given back than was admitted.
    func perSecond(at now: Timestamp) -> Double {
        var rate = self
        rate.turn(to: now)
        let passed = min(max((now - rate.start) / Self.span, 0), 1)
        return max(0, rate.current + rate.previous * (1 - passed)) / Self.span.inSeconds
    }

    private mutating func turn(to now: Timestamp) {
        let passed = now - start
        guard passed >= Self.span else { return }
        (previous, current, start) = passed < Self.span * 2 ? (current, 0, start + Self.span) : (0, 0, now)
    }
}
