/// The waits between attempts to connect: doubled each time, each jittered down by up to a half so that a fleet does
/// not come back in step.
struct Backoff: Sendable {
    private let minimum: Duration
    private let maximum: Duration
    private var upper: Duration

    init(minimum: Duration, maximum: Duration) {
        self.minimum = minimum
        self.maximum = maximum
        self.upper = minimum
    }

    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let delay = upper * Double.random(in: 0.5...1, using: &generator)
        upper = min(upper * 2, maximum)
        return delay
    }

    /// A connection that lived for less than the longest wait counts as one more failure: a server that accepts and
    /// drops us must not be asked twenty times a second.
    mutating func connectionEnded(after life: Duration) {
        if life >= maximum { upper = minimum }
    }
}
