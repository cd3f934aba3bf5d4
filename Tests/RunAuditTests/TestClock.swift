import JobFlow
import Synchronization

/// Stands still until it is told to go on.
final class TestClock: Sendable {
    private let time = Mutex(Samples.start)

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}
