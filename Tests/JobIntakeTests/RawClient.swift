import NIOCore
import NIOPosix

/// A TCP connection of a test, for what no HTTP client would send.
struct RawClient {
    private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    static func connected<Value: Sendable>(
        _ port: Int, host: String = "127.0.0.1", _ body: (RawClient) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawClient(inbound: inbound, outbound: outbound))
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Ends what we send; the answer can still come.
    func endSending() { outbound.finish() }

    /// Everything up to the end of the connection.
    func readToEnd() async throws -> String {
        var text = ""
        for try await part in inbound { text += String(buffer: part) }
        return text
    }

    /// Everything up to and with some text.
    func read(to end: String) async throws -> String {
        var text = ""
        for try await part in inbound {
            text += String(buffer: part)
            if text.contains(end) { return text }
        }
        return text
    }
}
