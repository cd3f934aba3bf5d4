import Settings
import Testing

@Suite struct DefaultsTests {
    @Test func `without file, environment and flags the defaults hold`() async throws {
        #expect(try await Settings.load(file: nil, environment: [:], flags: []) == Settings.defaults)
        #expect(try loaded("{}") == Settings.defaults)
    }

    @Test func `the defaults are those of the contract`() {
        let settings = Settings.defaults
        #expect(settings.redis.url == "redis://127.0.0.1:6379/0")
        #expect(settings.redis.partitions == 1)
        #expect(settings.intake.listen == ListenAddress(host: "127.0.0.1", port: 8080))
        #expect(settings.intake.maxBodyBytes == 1_048_576)
        #expect(settings.intake.spoolMaxJobs == 100_000)
        #expect(settings.worker.listen.description == "127.0.0.1:9464")
        #expect(settings.worker.processes == 1)
        #expect(settings.worker.concurrency == 1000)
        #expect(settings.worker.lease == .seconds(30))
        #expect(settings.worker.drain == .seconds(30))
        #expect(settings.queues.map(\.name) == ["interactive", "default", "batch"])
        #expect(settings.queues.map(\.weight) == [8, 4, 1])
        #expect(settings.pool.endpoints.isEmpty)
        #expect(settings.pool.connectTimeout == .seconds(5))
    }

    @Test func `the defaults of retry, breaker, cache and the rest follow the reference design`() {
        let settings = Settings.defaults
        #expect(settings.retry.maxAttempts == 5)
        #expect(settings.retry.baseDelay == .milliseconds(500))
        #expect(settings.retry.maxDelay == .seconds(60))
        #expect(settings.retry.jitter == 0.1)
        #expect(settings.breaker.failureThreshold == 5)
        #expect(settings.breaker.cooldown == .seconds(30))
        #expect(settings.cache.enabled)
        #expect(settings.cache.ttl == .seconds(300))
        #expect(settings.cache.stale == .seconds(3600))
        #expect(settings.cache.maxEntries == 10_000)
        #expect(settings.cache.maxAnswerBytes == 262_144)
        #expect(settings.queues.allSatisfy { !$0.stale })
        #expect(settings.results.ttl == .seconds(86_400))
        #expect(settings.audit.path == "var/audit.sqlite")
        #expect(settings.audit.synchronous == .full)
        #expect(settings.audit.retention == .seconds(90 * 86_400))
        #expect(settings.secrets.source == .none)
        #expect(settings.log.level == .info)
        #expect(settings.telemetry.otlpEndpoint == nil)
    }

    @Test func `an endpoint needs a name and a URL, all else has a default`() throws {
        let endpoint = try #require(try loaded(pool("")).pool.endpoints.first)
        #expect(endpoint == EndpointSettings(name: "e0", url: "http://127.0.0.1:8090/e0"))
        #expect(endpoint.tier == .standard)
        #expect(endpoint.region == "")
        #expect(endpoint.priority == 0)
        #expect(endpoint.weight == 1)
        #expect(endpoint.timeout == .seconds(120))
        #expect(endpoint.apiKey == nil)
    }

    @Test func `a null is an absent key`() throws {
        let json =
            #"{"redis":null,"queues":null,"worker":{"lease":null},"pool":{"endpoints":null},"audit":{"path":null}}"#
        #expect(try loaded(json) == Settings.defaults)
    }

    @Test func `queues of the file take the place of the default set`() throws {
        let json = #"{"queues":{"slow":{"deadline":"2h","max_length":10},"interactive":{"max_attempts":2}}}"#
        var slow = QueueSettings(name: "slow")
        slow.deadline = .seconds(7200)
        slow.maxLength = 10
        var interactive = QueueSettings(name: "interactive", weight: 8, spill: .immediate)
        interactive.maxAttempts = 2
        #expect(try loaded(json).queues == [slow, interactive])
    }
}
