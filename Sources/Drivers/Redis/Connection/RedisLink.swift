import NIOCore
import Synchronization

/// One connection to the server, from dialling to its end: bytes out, whole replies in.
///
/// It never comes back after its end; whoever needs a connection again dials another link.
final class RedisLink: Sendable {
    /// What its user is told, always on the event loop.
    struct Receiver: Sendable {
        /// Replies in order; an empty list says that a part of one came.
        var replies: @Sendable (RedisLink, [RedisReply]) -> Void
        /// There is room to write again.
        var writable: @Sendable () -> Void = {}
    }

    private enum Phase: Sendable {
        case connecting
        case greeting(any Channel, Handshake)
        case open(any Channel)
        case ended
    }

    let eventLoop: any EventLoop
    private let configuration: RedisConfiguration
    private let receiver: Receiver
    private let phase: NIOLoopBoundBox<Phase>
    private let ready: EventLoopPromise<Void>
    private let ended: EventLoopPromise<RedisError>
    private let isOver = Atomic(false)

    init(_ configuration: RedisConfiguration, on eventLoop: any EventLoop, receiver: Receiver) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.receiver = receiver
        phase = .makeBoxSendingValue(.connecting, eventLoop: eventLoop)
        ready = eventLoop.makePromise()
        ended = eventLoop.makePromise()
    }

    /// False from the end on; from any thread.
    var isAlive: Bool { !isOver.load(ordering: .acquiring) }

    /// On the event loop: takes over the connected channel and greets the server.
    func attach(_ channel: any Channel, tls: (any ChannelHandler)?) throws {
        guard case .connecting = phase.value else { return channel.close(promise: nil) }
        let handshake = Handshake(configuration)
        phase.value = .greeting(channel, handshake)
        if let tls { try channel.pipeline.syncOperations.addHandler(tls) }
        let handler = try ReplyHandler(link: self, maximumReplyBytes: configuration.maximumReplyBytes)
        try channel.pipeline.syncOperations.addHandler(handler)
        var buffer = channel.allocator.buffer(capacity: 256)
        for command in handshake.commands { CommandEncoder.encode(command, into: &buffer) }
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// On the event loop, from the channel.
    func received(_ replies: [RedisReply]) {
        switch phase.value {
        case .open: receiver.replies(self, replies)
        case .greeting(let channel, let handshake): greet(channel, handshake, replies)
        case .connecting, .ended: break
        }
    }

    private func greet(_ channel: any Channel, _ handshake: Handshake, _ replies: [RedisReply]) {
        var handshake = handshake
        for reply in replies {
            switch handshake.receive(reply) {
            case .wait: phase.value = .greeting(channel, handshake)
            case .ready:
                phase.value = .open(channel)
                ready.succeed()
            case .failed(let error): return end(error)
            }
        }
    }

    /// On the event loop, from the channel.
    func becameWritable() {
        if case .open = phase.value { receiver.writable() }
    }

    /// On the event loop.
    var isWritable: Bool {
        if case .open(let channel) = phase.value { channel.isWritable } else { false }
    }

    /// On the event loop. A link that has ended swallows the bytes; its end has been or will be reported.
    func write(_ buffer: ByteBuffer) {
        if case .open(let channel) = phase.value { channel.writeAndFlush(buffer, promise: nil) }
    }

    /// Ends the link for a reason, at once and for good; the first reason counts. From any thread.
    func end(_ reason: RedisError) {
        guard eventLoop.inEventLoop else { return eventLoop.execute { self.end(reason) } }
        let last = phase.value
        // First: closing the channel reports its end from within, and that must not become the reason.
        phase.value = .ended
        switch last {
        case .ended: return
        case .greeting(let channel, _), .open(let channel): channel.close(promise: nil)
        case .connecting: break
        }
        isOver.store(true, ordering: .releasing)
        ready.fail(reason)
        ended.succeed(reason)
    }

    /// Returns when the server has greeted us. Cancelling the task ends the link.
    func untilReady() async throws(RedisError) {
        let outcome: Result<Void, any Error> = await endingOnCancellation { done in
            self.ready.futureResult.whenComplete(done)
        }
        if case .failure(let error) = outcome {
            throw error as? RedisError ?? RedisError(.connectionFailed, "\(error)")
        }
    }

    /// Returns when the link has ended, with the reason. Cancelling the task ends the link.
    func untilEnded() async -> RedisError {
        await endingOnCancellation { done in self.onEnd(done) }
    }

    /// Calls back once, on the event loop, also when the end has passed already.
    func onEnd(_ callback: @escaping @Sendable (RedisError) -> Void) {
        ended.futureResult.whenSuccess(callback)
    }

    private func endingOnCancellation<Value: Sendable>(
        _ wait: (@escaping @Sendable (Value) -> Void) -> Void
    ) async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in wait { continuation.resume(returning: $0) } }
        } onCancel: {
            end(RedisError(.cancelled, "the task was cancelled"))
        }
    }
}
