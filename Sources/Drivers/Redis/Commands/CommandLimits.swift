import NIOCore

/// How much one connection slot lets wait, and for how long.
struct CommandLimits: Sendable {
    var commands: Int
    var bytes: Int
    var timeout: TimeAmount
    var endpoint: String

    init(_ configuration: RedisConfiguration) {
        commands = configuration.maximumPendingCommands
        bytes = configuration.maximumPendingBytes
        timeout = TimeAmount(configuration.commandTimeout)
        endpoint = configuration.endpoint
    }

    /// A command that is alone may be of any size; Redis has its own limit.
    func refusal(commands waiting: Int, adding: Int, bytes waitingBytes: Int) -> RedisError? {
        if waiting + adding > commands {
            return RedisError(.notReady, "more than \(commands) commands would wait for Redis")
        }
        if waitingBytes > bytes { return RedisError(.notReady, "more than \(bytes) bytes wait for Redis") }
        return nil
    }

    /// Often enough that a call ends near its deadline, seldom enough to cost nothing.
    var sweepInterval: TimeAmount {
        min(max(.nanoseconds(timeout.nanoseconds / 8), .milliseconds(5)), .milliseconds(250))
    }
}
