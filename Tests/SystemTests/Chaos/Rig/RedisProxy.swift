import NIOCore
import NIOPosix
import Synchronization
import TestKit

/// The wire between the program and Redis, with faults on demand.
final class RedisProxy: Sendable {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private struct State: Sendable {
        var mode = ProxyMode.pass
        var listener: (any Channel)?
        var open: [ObjectIdentifier: any Channel] = [:]
    }

    let port: Int
    private let backend: Int
    private let state = Mutex(State())

    init(port: Int, backend: Int) {
        self.port = port
        self.backend = backend
    }

    /// Serves until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { connections in
            while !Task.isCancelled {
                if case .refuse(let latch) = mode { await latch.wait() }
                guard let listener = try? await listen() else { continue }
                remember(listener.channel)
                try? await listener.executeThenClose { inbound in
                    for try await connection in inbound { connections.addTask { await self.carry(connection) } }
                }
            }
        }
    }

    /// Ends the mode before it, too.
    func set(_ mode: ProxyMode) {
        let (before, listener) = state.withLock { state in
            defer { state.mode = mode }
            if case .refuse = mode { return (state.mode, state.listener) }
            return (state.mode, nil)
        }
        before.end()
        listener?.close(promise: nil)
        if listener != nil { cut() }
    }

    /// All connections, by RST.
    func cut() {
        let channels = state.withLock { Array($0.open.values) }
        for channel in channels {
            let atOnce = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            atOnce?.whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private var mode: ProxyMode { state.withLock { $0.mode } }

    private func listen() async throws -> NIOAsyncChannel<Connection, Never> {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in Self.wrap(channel) }
    }

    private func remember(_ listener: any Channel) {
        let isRefusing = state.withLock { state in
            state.listener = listener
            if case .refuse = state.mode { return true }
            return false
        }
        // It was bound while connections came to be refused.
        if isRefusing { listener.close(promise: nil) }
    }

    private func carry(_ front: Connection) async {
        try? await front.executeThenClose { clientIn, clientOut in
            let back = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: backend) { Self.wrap($0) }
            let channels: [any Channel] = [front.channel, back.channel]
            state.withLock { state in for channel in channels { state.open[ObjectIdentifier(channel)] = channel } }
            try? await back.executeThenClose { serverIn, serverOut in
                await withTaskGroup { directions in
                    directions.addTask { try? await self.copy(clientIn, serverOut) }
                    directions.addTask { try? await self.copy(serverIn, clientOut) }
                    await directions.next()
                    directions.cancelAll()
                }
            }
            state.withLock { state in for channel in channels { state.open[ObjectIdentifier(channel)] = nil } }
        }
    }

    private func copy(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>, _ target: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        for try await chunk in source {
            while case .hold(let latch) = mode, !Task.isCancelled { await latch.wait() }
            if case .delay(let pause) = mode { try await Task.sleep(for: pause) }
            try await target.write(chunk)
        }
    }

    private static func wrap(_ channel: any Channel) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
    }
}
