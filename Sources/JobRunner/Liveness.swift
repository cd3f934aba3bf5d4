import Synchronization

/// How the claim loop goes. A worker whose loop has stopped is not live, whatever its ping says; one whose loop turns and does
/// not reach the queue is live, and not ready.
package final class Liveness: Sendable {
    private struct State {
        var turn = ContinuousClock.now
        var claim = ContinuousClock.now
        var hasClaimed = false
    }

    private let state = Mutex(State())

    package init() {}

    /// A claim round was answered.
    func claimed() {
        state.withLock { state in
            state.turn = .now
            state.claim = state.turn
            state.hasClaimed = true
        }
    }

    /// A claim round has ended without an answer.
    func turned() { state.withLock { $0.turn = .now } }

    /// Time since the claim loop last turned, or since the start.
    package var age: Duration { state.withLock { .now - $0.turn } }

    /// Time since the last successful claim round, or since the start.
    package var claimAge: Duration { state.withLock { .now - $0.claim } }

    /// Whether a claim round has ever succeeded.
    package var hasClaimed: Bool { state.withLock { $0.hasClaimed } }
}
