package import Logging
package import NIOCore
import Synchronization

/// A client of one Redis server (RESP2). Start `run()` beside its users; it is theirs to share.
///
/// Commands from all tasks travel together on few connections and are answered in order. Do not send SUBSCRIBE,
/// MONITOR, CLIENT REPLY or blocking commands with `send`: they have functions of their own, or break that order.
package final class RedisClient: Sendable {
    private let dialer: Dialer
    private let lanes: [CommandLane]
    private let blockingPool: BlockingPool
    private let nextLane = Atomic<Int>(0)
    private let hasRun = Atomic(false)

    package init(configuration: RedisConfiguration, group: any EventLoopGroup, logger: Logger) {
        let dialer = Dialer(configuration: configuration, group: group, logger: logger)
        self.dialer = dialer
        lanes = (0..<max(1, configuration.connections)).map { _ in CommandLane(dialer) }
        blockingPool = BlockingPool(dialer)
    }

    /// Connects and reconnects until the task is cancelled, then closes everything and returns. Once only.
    package func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else {
            throw RedisError(.closed, "run() can be called once in the life of a Redis client")
        }
        await withDiscardingTaskGroup { group in
            for lane in lanes { group.addTask { await lane.run() } }
        }
        dialer.close()
    }

    /// Whether a command would be written at once.
    package var isConnected: Bool { lanes.contains(where: \.isConnected) }

    /// One command. Without a connection it waits for one, up to the command timeout.
    ///
    /// - Throws: also for an error reply.
    package func send(_ arguments: [RedisArgument]) async throws(RedisError) -> RedisReply {
        try check(arguments)
        let replies = try await lane().submit(replies: 1) { CommandEncoder.encode(arguments, into: &$0) }
        guard let reply = replies.first else { return .null }
        if case .error(let message) = reply { throw RedisError(reply: message) }
        return reply
    }

    /// Commands that travel together; no transaction. Their error replies stay among the replies.
    package func pipeline(_ commands: [[RedisArgument]]) async throws(RedisError) -> [RedisReply] {
        for command in commands { try check(command) }
        if commands.isEmpty { return [] }
        return try await lane().submit(replies: commands.count) { buffer in
            for command in commands { CommandEncoder.encode(command, into: &buffer) }
        }
    }

    /// Runs a script by its hash; a server that does not have it gets the source, once.
    package func evaluate(
        _ script: RedisScript, keys: [RedisArgument], arguments: [RedisArgument]
    ) async throws(RedisError) -> RedisReply {
        let tail = [.integer(keys.count)] + keys + arguments
        do throws(RedisError) {
            return try await send(["EVALSHA", .string(script.sha1)] + tail)
        } catch  where error.code == .command && error.message.hasPrefix("NOSCRIPT") {
            return try await send(["EVAL", .string(script.source)] + tail)
        }
    }

    /// A command that waits in the server (BLPOP, XREAD BLOCK …), on a connection that nothing else uses.
    ///
    /// The command carries its own timeout; `timeout` repeats it, and the connection is given up some time after it
    /// (`blockingGrace`). Cancelling the task closes the connection at once. A nothing-came reply is `.null`.
    package func blocking(_ arguments: [RedisArgument], timeout: Duration) async throws(RedisError) -> RedisReply {
        try check(arguments)
        return try await blockingPool.call(arguments, timeout: timeout)
    }

    /// Listens to channels on a connection of its own, for ever, over losses of the connection.
    ///
    /// - Parameters:
    ///   - onMessage: called on the event loop; must be quick.
    ///   - onGap: called after each confirmed (re)subscription: messages before it may have been missed.
    /// - Throws: `cancelled` when the task is cancelled, `closed` when the client is closed.
    package func subscribe(
        _ channels: [String],
        onMessage: @escaping @Sendable (_ channel: String, _ payload: ArraySlice<UInt8>) -> Void,
        onGap: @escaping @Sendable () -> Void
    ) async throws(RedisError) {
        guard !channels.isEmpty else { throw RedisError(.command, "subscribe needs at least one channel") }
        await Subscription(dialer, channels: channels, onMessage: onMessage, onGap: onGap).run()
        throw Task.isCancelled ? RedisError(.cancelled, "the subscriber was cancelled") : .clientClosed
    }

    /// Redis answers nothing to an empty command, and all later replies would go to the wrong callers.
    private func check(_ command: [RedisArgument]) throws(RedisError) {
        guard !command.isEmpty else { throw RedisError(.command, "a command needs at least its name") }
    }

    /// The next in turn that has a connection; without any, just the next in turn.
    private func lane() -> CommandLane {
        let turn = Int(nextLane.wrappingAdd(1, ordering: .relaxed).oldValue.magnitude % UInt(lanes.count))
        let inTurn = lanes[turn...] + lanes[..<turn]
        return inTurn.first(where: \.isConnected) ?? lanes[turn]
    }
}
