import NIOCore
import Synchronization

/// Lets a held-back poll know that its client has left or the server stops.
final class ConnectionWatch: Sendable {
    enum Cause: Sendable { case clientLeft, serverStops }

    private struct State {
        var cause: Cause?
        var next = 0
        var waiters: [Int: AsyncStream<Never>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// The watch of a connection; nil where there is none, in a test without a server.
    static func of(_ channel: any Channel) async -> ConnectionWatch? {
        try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self).watch
        }.get()
    }

    /// Whether it closes because the client has ended it.
    var hasClientLeft: Bool { state.withLock { $0.cause == .clientLeft } }

    func announceClosing(_ cause: Cause = .clientLeft) {
        let waiters = state.withLock { state in
            state.cause = state.cause ?? cause
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.finish() }
    }

    /// Returns when the connection closes; or the task is cancelled, and then nil.
    @discardableResult
    func closing() async -> Cause? {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let ticket = state.withLock { state -> Int? in
            guard state.cause == nil else { return nil }
            state.next += 1
            state.waiters[state.next] = continuation
            return state.next
        }
        guard let ticket else { return state.withLock { $0.cause } }
        for await _ in stream {}
        return state.withLock { state in
            state.waiters[ticket] = nil
            return state.cause
        }
    }
}
