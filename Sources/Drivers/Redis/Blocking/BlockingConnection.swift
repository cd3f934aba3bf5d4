import NIOCore

/// A connection for one blocking command at a time.
struct BlockingConnection: Sendable {
    private let link: RedisLink
    private let slot: ReplySlot

    init(_ dialer: Dialer) async throws(RedisError) {
        let slot = ReplySlot()
        self.slot = slot
        let receiver = RedisLink.Receiver(replies: { link, replies in
            for reply in replies where !slot.fill(reply) {
                link.end(RedisError(.protocolViolation, "a reply that nothing was asked for"))
            }
        })
        link = try await dialer.dial(on: dialer.nextEventLoop(), receiver)
        link.onEnd { slot.end($0) }
    }

    var isAlive: Bool { link.isAlive }

    func end(_ reason: RedisError) { link.end(reason) }

    /// Past the limit, or when the task is cancelled, the connection ends: only that takes a blocking command back.
    func call(_ command: [RedisArgument], within limit: Duration) async -> Result<RedisReply, RedisError> {
        let deadline = link.eventLoop.scheduleTask(in: TimeAmount(limit)) {
            link.end(RedisError(.timeout, "the blocking command has outlived its timeout"))
        }
        defer { deadline.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                if slot.wait(waiter) { write(command) }
            }
        } onCancel: {
            link.end(RedisError(.cancelled, "the caller was cancelled"))
        }
    }

    private func write(_ command: [RedisArgument]) {
        var buffer = ByteBuffer()
        CommandEncoder.encode(command, into: &buffer)
        link.eventLoop.execute { [link, buffer] in link.write(buffer) }
    }
}
