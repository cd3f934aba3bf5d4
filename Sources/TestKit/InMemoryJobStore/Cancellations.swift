import JobFlow
import Synchronization

/// Tells all who listen of jobs that were cancelled.
final class Cancellations: Sendable {
    private let listeners = Mutex<[Int: AsyncStream<JobID>.Continuation]>([:])

    func all() -> AsyncStream<JobID> {
        let (stream, continuation) = AsyncStream<JobID>.makeStream()
        let ticket = listeners.withLock { listeners in
            let ticket = (listeners.keys.max() ?? 0) + 1
            listeners[ticket] = continuation
            return ticket
        }
        continuation.onTermination = { _ in _ = self.listeners.withLock { $0.removeValue(forKey: ticket) } }
        return stream
    }

    func announce(_ id: JobID) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield(id) }
    }
}
