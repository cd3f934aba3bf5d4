import NIOConcurrencyHelpers

/// The connections that blocking commands wait on, opened when needed and kept for the next.
final class BlockingPool: Sendable {
    private struct State: Sendable {
        var idle: [BlockingConnection] = []
        var inUse = 0
    }

    private let dialer: Dialer
    private let state = NIOLockedValueBox(State())
    private var configuration: RedisConfiguration { dialer.configuration }

    init(_ dialer: Dialer) {
        self.dialer = dialer
    }

    func call(_ command: [RedisArgument], timeout: Duration) async throws(RedisError) -> RedisReply {
        try takePermit()
        defer { state.withLockedValue { $0.inUse -= 1 } }
        let connection = try await takeConnection()
        let reply = try await connection.call(command, within: timeout + configuration.blockingGrace).get()
        guard case .error(let message) = reply else {
            keep(connection)
            return reply
        }
        let error = RedisError(reply: message)
        if error.meansAnotherServer { connection.end(error) } else { keep(connection) }
        throw error
    }

    private func takePermit() throws(RedisError) {
        let limit = configuration.maximumBlockingConnections
        let isFree = state.withLockedValue { state in
            guard state.inUse < limit else { return false }
            state.inUse += 1
            return true
        }
        guard isFree else { throw RedisError(.notReady, "all \(limit) blocking connections are in use") }
    }

    private func takeConnection() async throws(RedisError) -> BlockingConnection {
        let kept: BlockingConnection? = state.withLockedValue { state in
            while let connection = state.idle.popLast() {
                if connection.isAlive { return connection }
            }
            return nil
        }
        if let kept { return kept }
        return try await dialPatiently()
    }

    private func keep(_ connection: BlockingConnection) {
        guard connection.isAlive else { return }
        state.withLockedValue { $0.idle.append(connection) }
    }

    /// A caller that asks again at once must not spin while the server is away, so a connection is waited for as
    /// ordinary commands wait for theirs.
    private func dialPatiently() async throws(RedisError) -> BlockingConnection {
        var backoff = Backoff(
            minimum: configuration.minimumReconnectDelay, maximum: configuration.maximumReconnectDelay)
        var generator = SystemRandomNumberGenerator()
        let deadline = ContinuousClock.now + configuration.commandTimeout
        while true {
            do throws(RedisError) {
                return try await BlockingConnection(dialer)
            } catch {
                let delay = backoff.next(using: &generator)
                guard error.isRetriable, ContinuousClock.now + delay < deadline else { throw error }
                try await pause(delay)
            }
        }
    }

    private func pause(_ delay: Duration) async throws(RedisError) {
        do { try await Task.sleep(for: delay) } catch { throw RedisError(.cancelled, "the caller was cancelled") }
    }
}

extension RedisError {
    /// The server has changed its role; its name may lead to another one now.
    fileprivate var meansAnotherServer: Bool { code == .readOnly || code == .unblocked }
}
