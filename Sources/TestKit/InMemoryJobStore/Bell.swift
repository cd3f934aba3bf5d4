import Synchronization

/// Wakes everybody who waits for something to change.
final class Bell: Sendable {
    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// One element for one or more rings since the last; ask before looking, and no change is missed.
    func rings() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let ticket = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { _ in self.leave(ticket) }
        return stream
    }

    func ring() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    private func leave(_ ticket: Int) { state.withLock { state in _ = state.listeners.removeValue(forKey: ticket) } }
}
