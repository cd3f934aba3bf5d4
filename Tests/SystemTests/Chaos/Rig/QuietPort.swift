import NIOCore
import NIOPosix

/// A TCP port on loopback that nobody uses and that the system gives to no outgoing connection (those start at 32768).
/// Servers here die and come back on the same port; on any other port, a client that redials a dead server would one day
/// be connected to itself.
func quietPort() async throws -> Int {
    for _ in 0..<200 {
        let port = Int.random(in: 20_000..<32_000)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else { continue }
        try await channel.close()
        return port
    }
    throw SluiceProcess.Failure(description: "no free port was found between 20000 and 32000")
}
