import JobFlow

/// How fast an endpoint has answered lately: seconds for a token of output, with something added for the way and the prompt,
/// so that short and long answers can be compared. A value.
struct EndpointSpeed: Sendable, Equatable {
    private static let share = 0.1
    /// What a call takes besides its output, in tokens.
    private static let overhead = 50.0
    private static let leastCalls = 10
    private static let memory = Duration.seconds(120)
    /// A call is slow that takes so much longer than the quickest other endpoint would.
    private static let slowFactor = 4.0
    /// Differences below are no matter.
    private static let leastSlow = Duration.milliseconds(250)

    private var pace = 0.0
    private var calls = 0
    private var newest = Timestamp.distantPast
    /// Of one call, on average.
    private(set) var time = Duration.zero

    /// - Parameter output: tokens; nil if the answer does not say.
    mutating func answered(after time: Duration, output: Int?, at now: Timestamp) {
        self.time = self.time == .zero ? time : self.time + (time - self.time) * Self.share
        guard let output else { return }
        let seen = Self.pace(time, output)
        pace = calls == 0 ? seen : pace + (seen - pace) * Self.share
        calls += 1
        newest = max(newest, now)
    }

    /// Nil if too little is known.
    func pace(at now: Timestamp) -> Double? {
        calls >= Self.leastCalls && now - newest < Self.memory ? pace : nil
    }

    static func isSlow(_ time: Duration, output: Int?, besides quickest: Double?) -> Bool {
        guard let output, let quickest, time >= leastSlow else { return false }
        return pace(time, output) > quickest * slowFactor
    }

    /// What is slow where a call elsewhere takes so long on average.
    static func slowTime(besides quickest: Duration) -> Duration { max(leastSlow, quickest * slowFactor) }

    private static func pace(_ time: Duration, _ output: Int) -> Double {
        time.inSeconds / (Double(output) + overhead)
    }
}
