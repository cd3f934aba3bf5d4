package import JobFlow
package import Logging
package import Redis
import RedisFaults

/// What a fleet knows of its endpoints, on Redis: the only owner of the keys below `sluice{pool}:`. A report is one script.
package final class RedisPoolBoard: PoolBoard {
    let client: RedisClient
    private let logger: Logger

    /// - Parameter client: has to be running for as long as the board does.
    package init(client: RedisClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    package func exchange(_ report: PoolReport) async throws(StoreError) -> PoolStanding {
        try await evaluate(SendReport.arguments(report), report.endpoints.map(\.endpoint))
    }

    package func standings(of endpoints: [String]) async throws(StoreError) -> [EndpointStanding] {
        let look = PoolReport(process: "", endpoints: endpoints.map(EndpointReport.init))
        return try await evaluate(SendReport.arguments(look), endpoints).endpoints
    }

    package func drain(_ endpoint: String, _ isDrained: Bool) async throws(StoreError) {
        _ = try await client.evaluate(
            BoardScripts.drain, prefix: BoardKeys.prefix, [.string(endpoint), isDrained ? "1" : "0"]
        ) { $0.int }
    }

    package func listen(
        onChange: @escaping @Sendable (EndpointStanding) -> Void, onGap: @escaping @Sendable () -> Void
    ) async {
        do {
            try await client.subscribe(
                [BoardKeys.gates, BoardKeys.drains],
                onMessage: { [logger] channel, payload in
                    if channel == BoardKeys.drains { return onGap() }
                    guard let standing = ReadStanding.announced(payload) else {
                        return logger.warning("announcement of a gate was not understood")
                    }
                    onChange(standing)
                }, onGap: onGap)
        } catch {
            if !Task.isCancelled { logger.error("subscription ended", metadata: ["error": "\(error)"]) }
        }
    }

    private func evaluate(_ arguments: [RedisArgument], _ endpoints: [String]) async throws(StoreError) -> PoolStanding
    {
        try await client.evaluate(BoardScripts.exchange, prefix: BoardKeys.prefix, arguments) {
            ReadStanding.standing($0, of: endpoints)
        }
    }
}
