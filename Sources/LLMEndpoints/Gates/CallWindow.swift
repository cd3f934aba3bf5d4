import JobFlow

/// The last calls of one endpoint: which of them failed, and which were slow. A value of a few bytes.
struct CallWindow: Sendable, Equatable {
    static let size = 32
    /// Calls that lie so far back say nothing of now.
    private static let memory = Duration.seconds(30)

    private var failures: UInt32 = 0
    private var slow: UInt32 = 0
    private(set) var count = 0
    private var newest = Timestamp.distantPast

    var failureRate: Double { count == 0 ? 0 : Double(failures.nonzeroBitCount) / Double(count) }
    var slowRate: Double { count == 0 ? 0 : Double(slow.nonzeroBitCount) / Double(count) }

    mutating func record(isFailure: Bool, isSlow: Bool, at now: Timestamp) {
        if now - newest > Self.memory { self = CallWindow() }
        failures = failures << 1 | (isFailure ? 1 : 0)
        slow = slow << 1 | (isSlow ? 1 : 0)
        count = min(count + 1, Self.size)
        newest = max(newest, now)
    }
}
