import NIOCore

/// The end of the channel's pipeline: turns bytes into replies and reports them, and the connection's end, to its link.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RedisLink
    private var parser: ReplyParser

    init(link: RedisLink, maximumReplyBytes: Int) throws(RedisError) {
        self.link = link
        self.parser = try ReplyParser(maximumReplyBytes: maximumReplyBytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        link.received(parser.parse(unwrapInboundIn(data)))
        if let failure = parser.failure { link.end(failure) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { link.becameWritable() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.end(RedisError(.connectionLost, "the server closed the connection"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        link.end(RedisError(.connectionLost, "\(error)"))
    }
}
