import NIOPosix

@testable import Redis

/// A client that runs for the time of the body.
func withClient(
    _ url: String, _ adjust: (inout RedisConfiguration) -> Void = { _ in }, _ log: LogRecorder = LogRecorder(),
    _ body: (RedisClient) async throws -> Void
) async throws {
    var configuration = try RedisConfiguration(url: url)
    configuration.commandTimeout = .seconds(30)
    adjust(&configuration)
    let client = RedisClient(
        configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: log.logger)
    try await withThrowingTaskGroup { group in
        group.addTask { try await client.run() }
        defer { group.cancelAll() }
        try await body(client)
    }
}

extension RedisClient {
    /// How many clients wait in a blocking command.
    func blockedClients() async throws -> Int {
        let text = try await send(["INFO", "clients"]).string ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("blocked_clients:") }
        return line.flatMap { Int($0.dropFirst("blocked_clients:".count)) } ?? -1
    }
}
