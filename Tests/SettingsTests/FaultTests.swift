import Settings
import Testing

/// One wrong file, and what has to be said about it.
struct Wrong: Sendable, CustomTestStringConvertible {
    var json: String
    var path: String
    /// Parts of the message.
    var says: [String]

    init(_ json: String, _ path: String, _ says: String...) {
        self.json = json
        self.path = path
        self.says = says
    }

    var testDescription: String { json }
}

@Suite struct FaultTests {
    static let unknown = [
        Wrong(#"{"reddis":{}}"#, "reddis", "not a known key", "did you mean 'redis'?", "telemetry"),
        Wrong(#"{"worker":{"concurency":5}}"#, "worker.concurency", "did you mean 'concurrency'?", "listen, processes"),
        Wrong(#"{"retry":{"maxAttempts":5}}"#, "retry.maxAttempts", "did you mean 'max_attempts'?"),
        Wrong(#"{"worker":{"spool_max_jobs":5}}"#, "worker.spool_max_jobs", "did you mean 'intake.spool_max_jobs'?"),
        Wrong(#"{"queues":{"batch":{"wieght":5}}}"#, "queues.batch.wieght", "did you mean 'weight'?"),
        Wrong(pool("", #""modle":"m""#), "pool.endpoints[1].modle", "did you mean 'model'?"),
        Wrong(#"{"pool":{"zzzzzz":1}}"#, "pool.zzzzzz", "allowed are endpoints, connect_timeout"),
    ]

    static let wrongType = [
        Wrong(#"{"worker":[]}"#, "worker", "is an array", "an object with the keys listen"),
        Wrong(#"{"worker":{"concurrency":"many"}}"#, "worker.concurrency", #"is "many""#, "from 1 to 100000"),
        Wrong(#"{"worker":{"concurrency":"10"}}"#, "worker.concurrency", #"is "10""#, "a whole number"),
        Wrong(#"{"worker":{"concurrency":2.5}}"#, "worker.concurrency", "is 2.5", "a whole number"),
        Wrong(#"{"cache":{"enabled":1}}"#, "cache.enabled", "is 1", "true or false"),
        Wrong(#"{"cache":{"enabled":"yes"}}"#, "cache.enabled", #"is "yes""#, "true or false"),
        Wrong(#"{"redis":{"url":17}}"#, "redis.url", "is a number", "redis://127.0.0.1:6379/0"),
        Wrong(#"{"retry":{"jitter":"a bit"}}"#, "retry.jitter", #"is "a bit""#, "a number from 0.0 to 1.0"),
        Wrong(#"{"queues":[]}"#, "queues", "is an array", "an object"),
        Wrong(#"{"queues":{"a":4}}"#, "queues.a", "is a number", "an object with the keys weight"),
        Wrong(#"{"pool":{"endpoints":{}}}"#, "pool.endpoints", "is an object", "an array of objects"),
        Wrong(#"{"pool":{"endpoints":[null]}}"#, "pool.endpoints[0]", "is null", "an object with the keys name, url"),
        Wrong(#"{"audit":{"path":{}}}"#, "audit.path", "is an object", "a text"),
    ]

    static let impossible = [
        Wrong(#"{"worker":{"lease":"1s"}}"#, "worker.lease", #"is "1s""#, "from 2s to 1h"),
        Wrong(
            #"{"worker":{"lease":30}}"#, "worker.lease", "is 30, a number without a unit", "500ms, 30s, 5m, 24h or 90d"),
        Wrong(#"{"worker":{"lease":"30"}}"#, "worker.lease", "without a unit"),
        Wrong(#"{"worker":{"concurrency":0}}"#, "worker.concurrency", "is 0", "from 1 to 100000"),
        Wrong(#"{"worker":{"concurrency":1e30}}"#, "worker.concurrency", "is 1e30"),
        Wrong(#"{"worker":{"listen":"127.0.0.1:65536"}}"#, "worker.listen", "65536", "a port from 0 to 65535"),
        Wrong(#"{"intake":{"listen":"8080"}}"#, "intake.listen", #"is "8080""#, "host:port"),
        Wrong(#"{"redis":{"partitions":1025}}"#, "redis.partitions", "is 1025", "from 1 to 1024"),
        Wrong(#"{"redis":{"url":"http://x"}}"#, "redis.url", #"is "http://x""#, "rediss://"),
        Wrong(#"{"redis":{"url":"redis://h/zero"}}"#, "redis.url", "rediss://"),
        Wrong(#"{"retry":{"jitter":1.5}}"#, "retry.jitter", "is 1.5", "from 0.0 to 1.0"),
        Wrong(#"{"retry":{"base_delay":"2m"}}"#, "retry.base_delay", "is 2m", "retry.max_delay, which is 1m"),
        Wrong(#"{"queues":{}}"#, "queues", "has 0 entries"),
        Wrong(#"{"queues":{"Batch":{}}}"#, "queues.Batch", "not an allowed name", "a-z, 0-9, - and _"),
        Wrong(#"{"queues":{"a":{"weight":0}}}"#, "queues.a.weight", "is 0", "from 1"),
        Wrong(#"{"audit":{"synchronous":"fulll"}}"#, "audit.synchronous", "did you mean 'full'?", "full, normal, off"),
        Wrong(#"{"audit":{"path":""}}"#, "audit.path", "is empty"),
        Wrong(#"{"log":{"level":"loud"}}"#, "log.level", #"is "loud""#, "trace, debug, info, notice"),
        Wrong(#"{"telemetry":{"otlp_endpoint":"collector:4318"}}"#, "telemetry.otlp_endpoint", "http or https"),
        Wrong(pool("", #""timeout":"0s""#), "pool.endpoints[1].timeout", #"is "0s""#, "from 1ms to 1d"),
        Wrong(pool(#""tier":"gold""#), "pool.endpoints[0].tier", #"is "gold""#, "ptu, standard"),
        Wrong(pool(#""weight":0"#), "pool.endpoints[0].weight", "is 0"),
        Wrong(pool(#""api_key":"""#), "pool.endpoints[0].api_key", "is empty"),
        Wrong(#"{"pool":{"endpoints":[{"name":"a"}]}}"#, "pool.endpoints[0].url", "is missing", "http or https"),
        Wrong(#"{"pool":{"endpoints":[{"url":"http://h"}]}}"#, "pool.endpoints[0].name", "is missing"),
        Wrong(#"{"pool":{"endpoints":[{"name":"a","url":"ftp://h"}]}}"#, "pool.endpoints[0].url", "ftp://h"),
        Wrong(#"{"pool":{"endpoints":[{"name":"a","url":"http://"}]}}"#, "pool.endpoints[0].url", "with a host"),
        Wrong(#"{"pool":{"endpoints":[{"name":"a","url":"http://h?x"}]}}"#, "pool.endpoints[0].url", "without"),
        Wrong(#"{"pool":{"endpoints":[{"name":"a b","url":"http://h"}]}}"#, "pool.endpoints[0].name", #"is "a b""#),
        Wrong(#"{"redis":{"url":"redis://a","url":"redis://b"}}"#, "redis.url", "more than once"),
        Wrong(#"{"log":{},"log":{}}"#, "log", "more than once"),
    ]

    @Test(arguments: unknown + wrongType + impossible)
    func `a fault names the key, what is there and what is allowed`(wrong: Wrong) throws {
        let found = faults(wrong.json)
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.path == wrong.path)
        for part in wrong.says { #expect(fault.message.contains(part), "\(fault)") }
    }

    @Test func `two endpoints of one name are refused`() {
        let json = #"{"pool":{"endpoints":[{"name":"a","url":"http://h"},{"name":"a","url":"http://i"}]}}"#
        #expect(faults(json).map(\.path) == ["pool.endpoints[1].name"])
        #expect(faults(json).first?.message.contains("pool.endpoints[0].name") == true)
    }

    @Test func `all faults are reported at once, with their lines`() {
        let json = """
            {
              "redis": {"url": 1, "ulr": 2},
              "worker": {"lease": "1s"},
              "pool": {"endpoints": [{"name": "a", "url": "http://h", "timeout": 120},
                {"timeout": "soon"}]}
            }
            """
        let found = faults(json, environment: ["SLUICE_LOG_LEVEL": "loud"], flags: [("cache.ttl", "5")])
        #expect(
            found.map(\.path) == [
                "redis.url", "redis.ulr", "worker.lease", "pool.endpoints[0].timeout", "pool.endpoints[1].timeout",
                "cache.ttl", "SLUICE_LOG_LEVEL", "pool.endpoints[1].name", "pool.endpoints[1].url",
            ])
        #expect(found.map(\.line) == [2, 2, 3, 4, 5, nil, nil, nil, nil])
        #expect(found.first?.description.hasPrefix("redis.url (line 2): is a number; allowed is ") == true)
    }

    @Test func `an error is one line a fault`() throws {
        let error = #expect(throws: SettingsError.self) { try loaded(#"{"log":{"level":"loud","format":"xml"}}"#) }
        #expect(error?.description.split(separator: "\n").count == 2)
    }

    @Test func `a password in a URL is never shown`() {
        let urls = #"{"redis":{"url":"http://user:hunter2@h"},"telemetry":{"otlp_endpoint":"http://u:hunter2@h"}}"#
        let found = faults(urls) + faults(#"{"redis":{"url":"hunter2"}}"#) + faults(pool(#""api_key":72727"#))
        #expect(
            found.map(\.path) == ["redis.url", "telemetry.otlp_endpoint", "redis.url", "pool.endpoints[0].api_key"])
        #expect(found.first?.message.hasPrefix(#"is "http://***@h"; allowed is"#) == true)
        #expect(!found.description.contains("hunter2"))
        #expect(!found.description.contains("72727"))
    }

    @Test func `too many endpoints are refused`() {
        let json = pool().replacing("[]", with: "[\(Array(repeating: "{}", count: 257).joined(separator: ","))]")
        #expect(faults(json).map(\.path) == ["pool.endpoints"])
    }
}
