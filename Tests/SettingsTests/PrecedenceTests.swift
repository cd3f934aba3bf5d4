import Settings
import Testing

@Suite struct PrecedenceTests {
    private let file = #"{"redis":{"url":"redis://file:1/0"},"worker":{"concurrency":10}}"#

    @Test func `the file wins over the defaults`() throws {
        let settings = try loaded(file)
        #expect(settings.redis.url == "redis://file:1/0")
        #expect(settings.worker.concurrency == 10)
        #expect(settings.worker.processes == 1)
    }

    @Test func `the environment wins over the file`() throws {
        let settings = try loaded(
            file,
            environment: [
                "SLUICE_REDIS_URL": "redis://env:2/0", "SLUICE_WORKER_CONCURRENCY": "20",
                "SLUICE_INTAKE_LISTEN": "0.0.0.0:0", "SLUICE_CACHE_ENABLED": "false", "SLUICE_RETRY_JITTER": "0.5",
                "SLUICE_WORKER_LEASE": "5s", "SLUICE_LOG_LEVEL": "debug",
            ])
        #expect(settings.redis.url == "redis://env:2/0")
        #expect(settings.worker.concurrency == 20)
        #expect(settings.intake.listen == ListenAddress(host: "0.0.0.0", port: 0))
        #expect(!settings.cache.enabled)
        #expect(settings.retry.jitter == 0.5)
        #expect(settings.worker.lease == .seconds(5))
        #expect(settings.log.level == .debug)
    }

    @Test func `a flag wins over the environment, a later flag over an earlier`() throws {
        let settings = try loaded(
            file, environment: ["SLUICE_REDIS_URL": "redis://env:2/0", "SLUICE_WORKER_PROCESSES": "3"],
            flags: [("redis.url", "redis://flag:3/0"), ("worker.concurrency", "30"), ("worker.concurrency", "31")])
        #expect(settings.redis.url == "redis://flag:3/0")
        #expect(settings.worker.concurrency == 31)
        #expect(settings.worker.processes == 3)
    }

    @Test func `queues can be changed one key at a time`() throws {
        let settings = try loaded(
            #"{"queues":{"batch":{"weight":2},"very-slow":{"weight":1}}}"#,
            environment: ["SLUICE_QUEUES_BATCH_WEIGHT": "7", "SLUICE_QUEUES_VERY_SLOW_MAX_ATTEMPTS": "9"],
            flags: [("queues.extra.weight", "3")])
        #expect(settings.queues.map(\.name) == ["batch", "very-slow", "extra"])
        #expect(settings.queues.map(\.weight) == [7, 1, 3])
        #expect(settings.queues[1].maxAttempts == 9)
    }

    @Test func `the default queues can be changed without a file`() throws {
        let settings = try loaded("{}", environment: ["SLUICE_QUEUES_BATCH_WEIGHT": "2"])
        #expect(settings.queues.map(\.weight) == [8, 4, 2])
    }

    @Test(arguments: ["pool.endpoints[1].url", "pool.endpoints.1.url"])
    func `an endpoint can be changed by its index`(path: String) throws {
        let settings = try loaded(
            pool("", ""),
            environment: [
                "SLUICE_POOL_ENDPOINTS_0_URL": "https://env.example", "SLUICE_POOL_ENDPOINTS_0_API_KEY": "k",
            ],
            flags: [(path, "http://flag.example")])
        #expect(settings.pool.endpoints.map(\.url) == ["https://env.example", "http://flag.example"])
        #expect(settings.pool.endpoints[0].apiKey == Secret("k"))
    }

    @Test func `a pool can come from the environment alone`() throws {
        let settings = try loaded(
            "{}",
            environment: ["SLUICE_POOL_ENDPOINTS_0_URL": "https://a.example", "SLUICE_POOL_ENDPOINTS_0_NAME": "a"])
        #expect(settings.pool.endpoints == [EndpointSettings(name: "a", url: "https://a.example")])
    }
}
