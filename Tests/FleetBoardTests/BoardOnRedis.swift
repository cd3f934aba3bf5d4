import FleetBoard
import JobFlow
import LiveRedis
import Logging
import NIOPosix
import Redis
import TestKit

/// A board on a server of its own, as two processes have it.
struct BoardOnRedis: Sendable {
    let board: RedisPoolBoard
    let other: RedisPoolBoard
    let client: RedisClient
    let server: RedisServer
    /// What the server takes for the time.
    let clock: ServerClock

    static func run(
        _ options: [String] = [], commandTimeout: Duration = .seconds(10),
        _ body: @escaping @Sendable (BoardOnRedis) async throws -> Void
    ) async throws {
        let clock = try ServerClock()
        try await RedisServer.run(options, clock: clock) { server in
            let clients = try (1...2).map { _ in try client(of: server, commandTimeout: commandTimeout) }
            let boards = clients.map { RedisPoolBoard(client: $0, logger: Logger(label: "test")) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients { group.addTask { try await client.run() } }
                defer { group.cancelAll() }
                try await body(
                    BoardOnRedis(
                        board: boards[0], other: boards[1], client: clients[0], server: server, clock: clock))
            }
        }
    }

    private static func client(of server: RedisServer, commandTimeout: Duration) throws -> RedisClient {
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = commandTimeout
        return RedisClient(
            configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
    }

    /// The board as the contract wants it.
    var underTest: BoardUnderTest {
        BoardUnderTest(board, other: other, now: { clock.now }, advance: { try clock.advance(by: $0) })
    }

    /// One process reports on one endpoint.
    @discardableResult
    func report(_ process: String = "a", on endpoint: String = "east", _ say: (inout EndpointReport) -> Void = { _ in })
        async throws -> EndpointStanding?
    {
        var report = EndpointReport(endpoint: endpoint)
        say(&report)
        return try await board.exchange(PoolReport(process: process, endpoints: [report])).endpoints.first
    }

    func keys() async throws -> [String] {
        try await client.send(["KEYS", "*"]).array?.compactMap(\.string).sorted() ?? []
    }
}
