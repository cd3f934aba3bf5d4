import JobFlow
import NIOCore
import Synchronization

/// Lets a held-back poll know that its client has left or the server stops.
final class ConnectionWatch: Sendable {
    enum Cause: Sendable { case clientLeft, serverStops }

    private struct State {
        var cause: Cause?
        var next = 0
        var waiters: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// The watch of a connection; nil where there is none, in a test without a server.
    static func of(_ channel: any Channel) async -> ConnectionWatch? {
        // The usual case, without a future: tasks run on the thread of their sockets.
        if channel.eventLoop.inEventLoop { return found(channel) }
        return try? await channel.eventLoop.submit { found(channel) }.get()
    }

    private static func found(_ channel: any Channel) -> ConnectionWatch? {
        try? channel.pipeline.syncOperations.handler(type: ConnectionHandler.self).watch
    }

    /// Why it closes; nil while it does not.
    var cause: Cause? { state.withLock { $0.cause } }

    /// Whether it closes because the client has ended it.
    var hasClientLeft: Bool { cause == .clientLeft }

    func announceClosing(_ cause: Cause = .clientLeft) {
        let waiters = state.withLock { state in
            state.cause = state.cause ?? cause
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for wake in waiters { wake() }
    }

    /// Raises it when the connection closes, at once if it has. Returns the place that is to be left.
    func interrupt(_ interruption: Interruption) -> Int? { enter { interruption.raise() } }

    /// Returns when the connection closes; or the task is cancelled, and then nil.
    @discardableResult
    func closing() async -> Cause? {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        guard let place = enter({ continuation.finish() }) else { return cause }
        for await _ in stream {}
        leave(place)
        return cause
    }

    /// Nil if it closes already, and then `wake` was called.
    private func enter(_ wake: @escaping @Sendable () -> Void) -> Int? {
        let place = state.withLock { state -> Int? in
            guard state.cause == nil else { return nil }
            state.next += 1
            state.waiters[state.next] = wake
            return state.next
        }
        if place == nil { wake() }
        return place
    }

    func leave(_ place: Int) { state.withLock { $0.waiters[place] = nil } }
}
