import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on loopback that remembers what it was sent, and answers as the test says.
final class RecordingServer: Sendable {
    struct Request: Sendable {
        var uri = ""
        var headers = HTTPHeaders()
        var body: [UInt8] = []
    }

    /// - Parameter number: 1 for the first request. Nil: there will be no answer.
    typealias Answer = @Sendable (_ number: Int) -> (status: Int, body: String)?

    private let kept = Mutex<[Request]>([])
    private let answer: Answer

    private init(_ answer: @escaping Answer) { self.answer = answer }

    var requests: [Request] { kept.withLock { $0 } }

    static func run<Result>(
        _ answer: @escaping Answer, _ body: (RecordingServer, _ url: String) async throws -> Result
    ) async throws -> Result {
        let server = RecordingServer(answer)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(server, "http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: RecordingServer
        private var request = Request()

        init(_ server: RecordingServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Request(uri: head.uri, headers: head.headers)
            case .body(let part): request.body += part.readableBytesView
            case .end:
                let number = server.kept.withLock { kept in
                    kept.append(request)
                    return kept.count
                }
                guard let (status, body) = server.answer(number) else { return }
                let headers: HTTPHeaders = [
                    "content-type": "application/json", "content-length": String(body.utf8.count),
                ]
                let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
