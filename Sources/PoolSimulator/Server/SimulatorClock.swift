import FoundationEssentials

/// Time for the decisions (monotonic, from 0) and for the answers (Unix).
struct SimulatorClock: Sendable {
    private let start = ContinuousClock.now
    private let startedAt = Date().timeIntervalSince1970

    /// Microseconds since the start.
    var now: Int64 {
        let elapsed = (ContinuousClock.now - start).components
        return elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000
    }

    /// When the microsecond comes.
    func instant(_ microseconds: Int64) -> ContinuousClock.Instant { start + .microseconds(microseconds) }

    /// Unix seconds of a time that `now` gave.
    func unixTime(_ microseconds: Int64) -> Double { startedAt + Double(microseconds) / 1_000_000 }
}
