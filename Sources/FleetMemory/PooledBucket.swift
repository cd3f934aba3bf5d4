import JobFlow

/// A leaky bucket seen from its brim, and who uses it.
struct PooledBucket: Sendable {
    private var tokens: Double
    private var at: Timestamp
    private var rate: Double
    private var burst: Double
    private var users: [String: Timestamp] = [:]

    private static let sharingTime = Duration.seconds(2)

    init(rate: Double, burst: Double, at now: Timestamp) {
        (tokens, at, self.rate, self.burst) = (burst, now, rate, burst)
    }

    func room(at now: Timestamp) -> TokenRoom {
        let sharers = users.values.count { now - $0 < Self.sharingTime }
        return TokenRoom(tokens: left(at: now), rate: rate, burst: burst, sharers: max(1, sharers))
    }

    mutating func charge(_ report: TokenReport, from process: String, at now: Timestamp) {
        (rate, burst) = (report.rate, report.burst)
        (tokens, at) = (min(burst, left(at: now) - report.taken), now)
        if report.isUsing { users[process] = now }
    }

    /// The endpoint said that it is full for so long.
    mutating func empty(for time: Duration, at now: Timestamp) {
        (tokens, at) = (min(left(at: now), -time.inSeconds * rate), now)
    }

    private func left(at now: Timestamp) -> Double {
        min(burst, tokens + rate * max(0, (now - at).inSeconds))
    }
}
