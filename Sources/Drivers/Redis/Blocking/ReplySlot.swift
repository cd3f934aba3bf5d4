import NIOConcurrencyHelpers

/// Where the one reply that a blocking connection can owe is waited for.
final class ReplySlot: Sendable {
    typealias Waiter = CheckedContinuation<Result<RedisReply, RedisError>, Never>

    private enum State: Sendable {
        case idle
        case waiting(Waiter)
        case over(RedisError)
    }

    private let state = NIOLockedValueBox(State.idle)

    /// Returns whether the command is to be written; otherwise the waiter has its error already.
    func wait(_ waiter: Waiter) -> Bool {
        let reason: RedisError? = state.withLockedValue { state in
            if case .over(let reason) = state { return reason }
            state = .waiting(waiter)
            return nil
        }
        guard let reason else { return true }
        waiter.resume(returning: .failure(Self.lost(reason, wasSent: false)))
        return false
    }

    /// Returns false for a reply that nobody asked for.
    func fill(_ reply: RedisReply) -> Bool {
        guard let waiter = takeWaiter(next: .idle) else { return false }
        waiter.resume(returning: .success(reply))
        return true
    }

    func end(_ reason: RedisError) {
        takeWaiter(next: .over(reason))?.resume(returning: .failure(Self.lost(reason, wasSent: true)))
    }

    private func takeWaiter(next: State) -> Waiter? {
        state.withLockedValue { state in
            if case .over = state { return nil }
            defer { state = next }
            if case .waiting(let waiter) = state { return waiter }
            return nil
        }
    }

    private static func lost(_ reason: RedisError, wasSent: Bool) -> RedisError {
        let code: RedisError.Code =
            switch reason.code {
            case .timeout, .cancelled, .closed, .protocolViolation: reason.code
            default: .connectionLost
            }
        return RedisError(code, reason.message, wasSent: wasSent)
    }
}
