import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// Opens every connection of a client and knows them all, so that closing the client ends each of them.
final class Dialer: Sendable {
    let configuration: RedisConfiguration
    let logger: Logger
    private let group: any EventLoopGroup
    private let links = NIOLockedValueBox(LinkSet())
    private let tls = NIOLockedValueBox<NIOSSLContext?>(nil)

    init(configuration: RedisConfiguration, group: any EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.group = group
        var logger = logger
        logger[metadataKey: "endpoint"] = "\(configuration.endpoint)"
        self.logger = logger
    }

    func nextEventLoop() -> any EventLoop { group.next() }

    /// One attempt. The link it returns has been greeted by the server.
    func dial(on eventLoop: any EventLoop, _ receiver: RedisLink.Receiver) async throws(RedisError) -> RedisLink {
        let tls = try makeTLSContext()
        let link = RedisLink(configuration, on: eventLoop, receiver: receiver)
        guard links.withLockedValue({ $0.insert(link) }) else {
            link.end(.clientClosed)
            throw .clientClosed
        }
        link.onEnd { [links] _ in links.withLockedValue { $0.remove(link) } }
        let deadline = eventLoop.scheduleTask(in: TimeAmount(configuration.connectTimeout)) {
            link.end(RedisError(.connectionFailed, "the server did not greet us within the connect timeout"))
        }
        connect(link, tls)
        defer { deadline.cancel() }
        try await link.untilReady()
        return link
    }

    private func connect(_ link: RedisLink, _ tls: NIOSSLContext?) {
        let host = configuration.host
        ClientBootstrap(group: link.eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The default of 64 KiB would hold back a burst of a hundred prompts.
            .channelOption(.writeBufferWaterMark, value: .init(low: 256 * 1024, high: 1024 * 1024))
            .connect(host: host, port: configuration.port)
            .flatMapThrowing { channel in try link.attach(channel, tls: tls.map { try Self.handler($0, host) }) }
            .whenFailure { error in link.end(RedisError(connecting: error)) }
    }

    /// An address has no name to send; its certificate is checked against the address of the socket.
    private static func handler(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }

    private func makeTLSContext() throws(RedisError) -> NIOSSLContext? {
        guard configuration.usesTLS else { return nil }
        if let context = tls.withLockedValue({ $0 }) { return context }
        var settings = TLSConfiguration.makeClientConfiguration()
        if let file = configuration.authorityFile { settings.trustRoots = .file(file) }
        do {
            let context = try NIOSSLContext(configuration: settings)
            tls.withLockedValue { $0 = context }
            return context
        } catch {
            throw RedisError(.connectionFailed, "TLS cannot be set up (is the ca file readable PEM?): \(error)")
        }
    }

    /// Ends all links; every later attempt fails as `closed`.
    func close() {
        for link in links.withLockedValue({ $0.close() }) { link.end(.clientClosed) }
    }
}

private struct LinkSet: Sendable {
    private var links: [ObjectIdentifier: RedisLink] = [:]
    private var isClosed = false

    mutating func insert(_ link: RedisLink) -> Bool {
        if isClosed { return false }
        links[ObjectIdentifier(link)] = link
        return true
    }

    mutating func remove(_ link: RedisLink) {
        links[ObjectIdentifier(link)] = nil
    }

    mutating func close() -> [RedisLink] {
        isClosed = true
        defer { links = [:] }
        return Array(links.values)
    }
}
