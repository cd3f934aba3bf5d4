import Synchronization

/// Tells everything to all who listen.
final class Announcements<Value: Sendable>: Sendable {
    private let listeners = Mutex<[Int: AsyncStream<Value>.Continuation]>([:])

    func all() -> AsyncStream<Value> {
        let (stream, continuation) = AsyncStream<Value>.makeStream()
        let ticket = listeners.withLock { listeners in
            let ticket = (listeners.keys.max() ?? 0) + 1
            listeners[ticket] = continuation
            return ticket
        }
        continuation.onTermination = { _ in _ = self.listeners.withLock { $0.removeValue(forKey: ticket) } }
        return stream
    }

    func announce(_ value: Value) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield(value) }
    }
}
