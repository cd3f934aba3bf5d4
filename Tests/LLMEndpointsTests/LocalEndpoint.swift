import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An endpoint on loopback that gives every request the same answer, and remembers the requests.
final class LocalEndpoint: Sendable {
    struct Request: Sendable {
        var uri = ""
        var headers = HTTPHeaders()
        var body: [UInt8] = []
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body = "{}"
    }

    private let kept = Mutex<[Request]>([])
    private let answer: Answer

    private init(_ answer: Answer) { self.answer = answer }

    var requests: [Request] { kept.withLock { $0 } }

    /// - Parameter body: gets the endpoint and its address.
    static func run(_ answer: Answer, _ body: (LocalEndpoint, _ url: String) async throws -> Void) async throws {
        let endpoint = LocalEndpoint(answer)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(endpoint))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do { try await body(endpoint, "http://127.0.0.1:\(channel.localAddress?.port ?? 0)") } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let endpoint: LocalEndpoint
        private var request = Request()

        init(_ endpoint: LocalEndpoint) { self.endpoint = endpoint }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Request(uri: head.uri, headers: head.headers)
            case .body(let part): request.body += part.readableBytesView
            case .end:
                endpoint.kept.withLock { $0.append(request) }
                respond(context, endpoint.answer)
            }
        }

        private func respond(_ context: ChannelHandlerContext, _ answer: Answer) {
            var headers = HTTPHeaders(answer.headers)
            headers.add(name: "content-length", value: String(answer.body.utf8.count))
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
