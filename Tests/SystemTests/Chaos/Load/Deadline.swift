import JobFlow
import Synchronization

/// A moment that is set later, by which everybody gives up.
final class Deadline: Sendable {
    private let end = Mutex<ContinuousClock.Instant?>(nil)

    func set(in span: Duration) { end.withLock { $0 = .now + span } }

    var hasPassed: Bool { end.withLock { $0.map { $0 < .now } ?? false } || Task.isCancelled }
}
