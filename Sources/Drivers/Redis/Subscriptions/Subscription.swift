import NIOCore

/// One call of `subscribe`: its own connection, made again for ever.
final class Subscription: Sendable {
    private struct State: Sendable {
        var reader = SubscriptionReader(channels: [])
        var heartbeat = Heartbeat()
    }

    private let dialer: Dialer
    private let channels: [String]
    private let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let onMessage: @Sendable (String, ArraySlice<UInt8>) -> Void
    private let onGap: @Sendable () -> Void

    init(
        _ dialer: Dialer, channels: [String],
        onMessage: @escaping @Sendable (String, ArraySlice<UInt8>) -> Void, onGap: @escaping @Sendable () -> Void
    ) {
        self.dialer = dialer
        self.channels = channels
        self.onMessage = onMessage
        self.onGap = onGap
        eventLoop = dialer.nextEventLoop()
        state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
    }

    /// Until the task is cancelled or the client closed.
    func run() async {
        await dialer.redialForever(
            on: eventLoop, RedisLink.Receiver(replies: { self.receive($1, from: $0) }),
            linked: { link in eventLoop.execute { self.subscribe(link) } },
            lost: { _ in })
    }

    private func subscribe(_ link: RedisLink) {
        state.value = State(reader: SubscriptionReader(channels: channels))
        send(["SUBSCRIBE"] + channels.map(RedisArgument.string), to: link)
        let period = TimeAmount(dialer.configuration.commandTimeout / 2)
        let ticks = eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in self.tick(link) }
        link.onEnd { _ in ticks.cancel() }
    }

    private func send(_ command: [RedisArgument], to link: RedisLink) {
        var buffer = ByteBuffer()
        CommandEncoder.encode(command, into: &buffer)
        link.write(buffer)
    }

    private func receive(_ replies: [RedisReply], from link: RedisLink) {
        state.value.heartbeat.heard()
        for reply in replies {
            switch state.value.reader.receive(reply) {
            case .nothing: break
            case .subscribed: onGap()
            case .message(let channel, let payload): onMessage(channel, payload)
            case .failed(let error): link.end(error)
            }
        }
    }

    private func tick(_ link: RedisLink) {
        switch state.value.heartbeat.tick() {
        case .nothing: break
        case .ping: send(["PING"], to: link)
        case .dead: link.end(RedisError(.timeout, "the server does not answer"))
        }
    }
}
