import Synchronization

/// Ends one call before its time, for a caller who has no task to cancel: the runner of thousands of calls, who would
/// otherwise need two tasks for each.
///
/// It serves one call at a time, and is spent once cancelled. A call that is tried again may have the same one.
package final class CallCancellation: Sendable {
    private enum State: Sendable {
        case idle
        case watched(@Sendable () -> Void)
        case cancelled
    }

    private let state = Mutex(State.idle)

    package init() {}

    package var isCancelled: Bool {
        state.withLock { if case .cancelled = $0 { true } else { false } }
    }

    /// Before, during or after the call, from anywhere and as often as one likes.
    package func cancel() {
        let previous = state.withLock { state in
            defer { state = .cancelled }
            return state
        }
        // Outside the lock, because the action takes locks of its own, under which others may ask `isCancelled`.
        if case .watched(let action) = previous { action() }
    }
}

// MARK: - For who carries the call

extension CallCancellation {
    /// `cancel` will do this, once. When it has been called already nothing is done: ask `isCancelled` after this.
    package func watch(_ action: @escaping @Sendable () -> Void) {
        state.withLock { state in
            if case .cancelled = state { return }
            state = .watched(action)
        }
    }

    /// The call is over.
    package func unwatch() {
        state.withLock { state in
            if case .watched = state { state = .idle }
        }
    }
}
