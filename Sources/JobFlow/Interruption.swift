import Synchronization

/// Cuts a wait short from outside: the client has left, the server stops, it waits in vain. It stays raised until somebody lowers
/// it, so that one that comes between two waits is not missed.
package final class Interruption: Sendable {
    private struct State {
        var isRaised = false
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var isRaised: Bool { state.withLock { $0.isRaised } }

    package func raise() {
        let wake = state.withLock { state in
            state.isRaised = true
            return state.wake.take()
        }
        wake?()
    }

    package func lower() { state.withLock { $0.isRaised = false } }

    /// Has the one who waits woken when it is raised. False if it is raised already, and then nobody is woken.
    package func attach(_ wake: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if !state.isRaised { state.wake = wake }
            return !state.isRaised
        }
    }

    package func detach() { state.withLock { $0.wake = nil } }
}
