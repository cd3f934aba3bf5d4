import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on loopback that does what the path says (see `ServerReply`), one thread, any number of
/// connections. It goes when `stop` is called.
final class TestServer: Sendable {
    struct Counts: Sendable, Equatable {
        var accepted = 0
        var requests = 0
        /// Connections the client ended.
        var ended = 0
    }

    final class Counter: Sendable {
        private let state = Mutex(Counts())

        var counts: Counts { state.withLock { $0 } }

        func count(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }
    }

    enum Manner: Sendable {
        case polite
        /// Every connection is reset before a byte is read.
        case resetsOnAccept
    }

    let port: UInt16
    private let listener: Int32
    private let counter = Counter()
    private let stopping = Atomic(false)

    init(_ manner: Manner = .polite, gate: Int = 0) throws {
        (listener, port) = try LoopbackSocket.listen(backlog: 4096)
        Thread.detachNewThread { [self] in
            var connections = ServerConnections(listener: listener, manner: manner, gate: gate, counter: counter)
            while !stopping.load(ordering: .relaxed) { connections.serve() }
            connections.close()
        }
    }

    var counts: Counts { counter.counts }

    func stop() { stopping.store(true, ordering: .relaxed) }

    func url(_ path: String, scheme: String = "http") -> String { "\(scheme)://127.0.0.1:\(port)\(path)" }

    /// Until the counts are so, or 30 s have passed.
    func wait(until isSo: (Counts) -> Bool) async throws { try await eventually { isSo(counts) } }
}

struct NeverHappened: Error {}

func eventually(_ isSo: () -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(30)
    while !isSo() {
        guard ContinuousClock.now < limit else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(1))
    }
}

func withServer<Result>(
    _ manner: TestServer.Manner = .polite, gate: Int = 0, _ body: (TestServer) async throws -> Result
) async throws -> Result {
    let server = try TestServer(manner, gate: gate)
    defer { server.stop() }
    return try await body(server)
}
