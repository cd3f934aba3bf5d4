import Foundation
import Logging
import Settings

/// The servers that `sluice up --embedded` brings along, and the configuration that points at them.
struct EmbeddedPool {
    /// A copy of worker.json in which Redis and the endpoints are the embedded ones.
    let config: String
    let overrides: [String]
    let children: [ChildProcess]

    init(settings: Settings, options: ConfigOptions, folder: String, logger: Logger) throws {
        let redis = try EmbeddedRedis(folder: folder + "/redis")
        let simulator = try FreePort.find()
        let endpoints = settings.pool.endpoints.map(\.name)
        guard !endpoints.isEmpty else { throw PlainError("pool.endpoints: --embedded needs at least one to simulate") }
        let address = "http://127.0.0.1:\(simulator)"
        let urls = Dictionary(uniqueKeysWithValues: endpoints.map { ($0, "\(address)/\($0)") })
        config = folder + "/embedded.json"
        overrides = ["redis.url=\(redis.url)"]
        let original = try Data(contentsOf: URL(fileURLWithPath: options.config))
        let derived = try Settings.derived(from: Array(original), redisURL: redis.url, endpointURLs: urls)
        try Data(derived).write(to: URL(fileURLWithPath: config), options: .atomic)
        var own = options
        own.config = config
        children = [
            ChildProcess(
                name: "redis", executable: redis.executable, arguments: redis.arguments, patience: .seconds(20),
                logger: logger),
            ChildProcess(
                name: "simulator", executable: ThisProgram.path,
                arguments: ["simulate", "--supervised", "--listen", "127.0.0.1:\(simulator)"] + own.arguments,
                patience: .seconds(5), logger: logger),
        ]
        logger.notice(
            "embedded servers", metadata: ["redis": "\(redis.url)", "simulator": "\(address)", "config": "\(config)"])
    }
}
