import JobFlow
import JobQueue
import Logging
import NIOCore
import NIOPosix
import Redis
import ServiceLifecycle
import Settings

/// Redis and the queue on it, as intake and worker both need them.
struct QueueAssembly {
    let client: RedisClient
    let store: RedisJobStore

    /// - Parameter patience: how long a call may wait for Redis. Short where a client waits for the answer.
    init(_ settings: Settings, patience: Duration, logger: Logger) throws {
        var configuration = try RedisConfiguration(url: settings.redis.url)
        configuration.commandTimeout = patience
        client = RedisClient(configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        store = RedisJobStore(client: client, configuration: QueueConfiguration(settings), logger: logger)
    }

    /// In starting order; they stop in reverse, after everything that uses the queue.
    func services(logger: Logger) -> [any Service] {
        [RedisService(client: client), ServerCheckService(store: store, logger: logger), store]
    }
}

/// Keeps the connections open until graceful shutdown.
struct RedisService: Service {
    let client: RedisClient

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await client.run() }
    }
}

/// Refuses to go on with a server that would throw jobs away. A server that cannot be reached yet is waited for.
struct ServerCheckService: Service {
    let store: RedisJobStore
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let faults = try await store.serverFaults()
                    guard faults.isEmpty else { throw PlainError(faults.joined(separator: "; ")) }
                    break
                } catch let error as StoreError {
                    if error.code != .cancelled { logger.warning("waiting for redis", metadata: ["error": "\(error)"]) }
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            // A service that returns would stop the group.
            try? await gracefulShutdown()
        }
    }
}

extension QueueConfiguration {
    init(_ settings: Settings) {
        self.init(
            queues: settings.queues.map(\.name), partitions: settings.redis.partitions,
            maximumLength: Dictionary(
                uniqueKeysWithValues: settings.queues.compactMap { queue in queue.maxLength.map { (queue.name, $0) } }),
            resultTTL: Dictionary(
                uniqueKeysWithValues: settings.queues.compactMap { queue in queue.resultTTL.map { (queue.name, $0) } }),
            defaultResultTTL: settings.results.ttl, cachedAnswers: settings.cache.maxEntries,
            cachedAnswerBytes: settings.cache.maxAnswerBytes, streamTTL: settings.results.streamTTL)
    }
}
