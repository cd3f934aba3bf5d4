import NIOCore

/// How a pause ended.
enum PauseEnd: Sendable {
    case elapsed
    /// The client closed the connection, or its sending half, which in HTTP comes to the same.
    case clientGone
    /// The simulator is stopping; whoever waits should finish at once.
    case stopping
}

/// Sits in a connection's pipeline and lets a call wait there, because only the pipeline learns that a client has gone
/// while its request is being served. Lives on the connection's event loop.
final class ClientPresence: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private var isGone = false
    private var isStopping = false
    private var pause: (promise: EventLoopPromise<PauseEnd>, timer: Scheduled<Void>?)?

    /// Waits for so many microseconds, or without an end when there are none.
    static func pause(_ channel: any Channel, microseconds: Int64?) async -> PauseEnd {
        await withTaskCancellationHandler {
            let end = channel.eventLoop.flatSubmit {
                with(channel) { $0.start(microseconds, on: channel.eventLoop) }
                    ?? channel.eventLoop.makeSucceededFuture(.clientGone)
            }
            return (try? await end.get()) ?? .clientGone
        } onCancel: {
            channel.eventLoop.execute { with(channel) { $0.stop() } }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: leave()
        case is ChannelShouldQuiesceEvent: stop()
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// `nil` when the connection is closed and its pipeline taken apart.
    @discardableResult
    private static func with<Value>(_ channel: any Channel, _ work: (ClientPresence) -> Value) -> Value? {
        (try? channel.pipeline.syncOperations.handler(type: ClientPresence.self)).map(work)
    }

    private func start(_ microseconds: Int64?, on loop: any EventLoop) -> EventLoopFuture<PauseEnd> {
        if isGone { return loop.makeSucceededFuture(.clientGone) }
        if isStopping { return loop.makeSucceededFuture(.stopping) }
        let promise = loop.makePromise(of: PauseEnd.self)
        let timer = microseconds.map { wait in
            loop.assumeIsolated().scheduleTask(in: .microseconds(wait)) { self.finish(.elapsed) }
        }
        pause = (promise, timer)
        return promise.futureResult
    }

    private func leave() {
        isGone = true
        finish(.clientGone)
    }

    // The flag stays: a cancellation may come before the pause that it is meant for.
    private func stop() {
        isStopping = true
        finish(.stopping)
    }

    private func finish(_ end: PauseEnd) {
        guard let ended = pause else { return }
        pause = nil
        ended.timer?.cancel()
        ended.promise.succeed(end)
    }
}
