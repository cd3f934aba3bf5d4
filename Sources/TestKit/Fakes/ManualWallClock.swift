package import JobFlow
import Synchronization

/// A wall clock that a test moves.
package final class ManualWallClock: Sendable {
    private let moment: Mutex<Timestamp>

    package init(_ start: Timestamp = Samples.start) { moment = Mutex(start) }

    package var now: Timestamp { moment.withLock { $0 } }

    package func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }
}
