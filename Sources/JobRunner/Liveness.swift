import Synchronization

/// When the claim loop last reached the queue. A worker whose loop has stopped is not live, whatever its ping says.
package final class Liveness: Sendable {
    private struct State {
        var last = ContinuousClock.now
        var hasBeaten = false
    }

    private let state = Mutex(State())

    package init() {}

    func beat() {
        state.withLock { state in
            state.last = .now
            state.hasBeaten = true
        }
    }

    /// Time since the last successful claim round, or since the start.
    package var age: Duration { state.withLock { .now - $0.last } }

    /// Whether a claim round has ever succeeded.
    package var hasClaimed: Bool { state.withLock { $0.hasBeaten } }
}
