import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Guards one connection: the deadline of each request, the answer to what is not HTTP, and the news that the client has
/// left or the server stops. Sits between the HTTP codec and Hummingbird.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Handlers are found by it, from any thread.
    let watch = ConnectionWatch()
    private let metrics: RouteMetrics
    private var state: ConnectionState
    private var timer: Scheduled<Void>?
    /// Of the request that is being read, once its head is here.
    private var requestID: String?

    init(requestTimeout: TimeAmount, metrics: RouteMetrics) {
        self.metrics = metrics
        state = ConnectionState(requestTimeout: requestTimeout)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do { try context.pipeline.syncOperations.addHandler(FirstByteHandler(), position: .first) } catch {
            context.fireErrorCaught(error)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        watch.announceClosing()
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch.announceClosing()
        if state.isEnding { context.fireErrorCaught(ChannelError.eof) }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is RequestBytesArrived:
            if let deadline = state.bytesArrived(at: .now()) { schedule(deadline, context) }
            return
        case is ChannelShouldQuiesceEvent: watch.announceClosing(.serverStops)
        case ChannelEvent.inputClosed:
            watch.announceClosing()
            if state.isEnding { abort(context) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard state.headArrived(at: .now(), isStreamed: StreamedBody.isAnnounced(head.headerFields)) else { return }
            requestID = head.headerFields[.requestID].map { _ in RequestID.of(head.headerFields) }
        case .body:
            guard !state.isEnding else { return }
            state.bodyArrived(at: .now())
        case .end:
            guard !state.isEnding else { return }
            state.requestEnded()
            requestID = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where state.answerBegan():
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            guard let farewell = state.answerEnded(at: .now()) else { return context.write(data, promise: promise) }
            context.writeAndFlush(data, promise: promise)
            context.close(mode: .output, promise: nil)
            schedule(farewell, context, replacing: true)
        case .head, .body: context.write(data, promise: promise)
        }
    }

    /// Everything that is no failure of the socket is a client that does not speak HTTP.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !(error is IOError), !(error is ChannelError), context.channel.isActive else {
            return context.fireErrorCaught(error)
        }
        switch state.errorArrived(at: .now()) {
        case .nothing: break
        case .answerMalformed: answer(.malformedRequest, context)
        case .abort: abort(context)
        }
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        switch state.timerFired(at: .now()) {
        case .nothing: break
        case .again(let deadline): schedule(deadline, context)
        case .answerTimeout: answer(.requestTimeout, context)
        case .abort: abort(context)
        }
    }

    /// One timer is enough: it looks for itself whether it came too early. Only a farewell has to replace a later one.
    private func schedule(_ deadline: NIODeadline, _ context: ChannelHandlerContext, replacing: Bool = false) {
        if replacing { timer?.cancel() } else if timer != nil { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timerFired(context) }
    }

    /// The last answer on this connection, written past Hummingbird.
    private func answer(_ problem: IntakeProblem, _ context: ChannelHandlerContext) {
        watch.announceClosing()
        metrics.count(problem.status.code)
        var response = Response(problem)
        response.headers[.requestID] = requestID ?? RequestID.of([:])
        response.headers[.connection] = "close"
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: problem.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        schedule(.now() + ConnectionState.farewell, context, replacing: true)
    }

    /// A route that still reads the body has to see an error, never what looks like the end of it.
    private func abort(_ context: ChannelHandlerContext) {
        context.fireErrorCaught(ChannelError.eof)
        context.close(promise: nil)
    }
}
