import Settings
import Testing

@Suite struct EnvironmentTests {
    @Test(arguments: [
        ("SLUICE_WORKER_CONCURRENCY", "many", "worker.concurrency", #"is "many""#),
        ("SLUICE_WORKER_CONCURRENCY", "0", "worker.concurrency", "from 1 to 100000"),
        ("SLUICE_CACHE_ENABLED", "maybe", "cache.enabled", "true or false"),
        ("SLUICE_RETRY_JITTER", "nan", "retry.jitter", "a number from 0.0 to 1.0"),
        ("SLUICE_WORKER_LEASE", "30", "worker.lease", "a number without a unit"),
        ("SLUICE_QUEUES_BATCH_WEIGHT", "-1", "queues.batch.weight", #"is "-1""#),
        ("SLUICE_LOG_LEVEL", "inof", "log.level", "did you mean 'info'?"),
    ])
    func `a wrong value is named by its variable`(name: String, value: String, key: String, says: String) throws {
        let found = faults("{}", environment: [name: value])
        #expect(found.map(\.path) == [name])
        #expect(found.first?.message.contains(says) == true, "\(found)")
        #expect(found.first?.message.hasSuffix("(it sets \(key))") == true, "\(found)")
    }

    @Test(arguments: [
        ("SLUICE_REDIS_ULR", "did you mean 'SLUICE_REDIS_URL'?"),
        ("SLUICE_CONCURRENCY", "SLUICE_ and the key's path"),
        ("SLUICE_QUEUES_NIGHTLY_WEIGHT", "sets no known key"),
        ("SLUICE_POOL_ENDPOINTS_256_URL", "sets no known key"),
        ("SLUICE_POOL_ENDPOINTS", "sets no known key"),
    ])
    func `an unknown variable is an error`(name: String, says: String) {
        let found = faults("{}", environment: [name: "1"])
        #expect(found.map(\.path) == [name])
        #expect(found.first?.message.contains(says) == true, "\(found)")
    }

    @Test func `other variables, those of the client commands and empty ones are left alone`() throws {
        let environment = [
            "PATH": "/bin", "SLUICE_API_KEY": "k", "SLUICE_URL": "http://h", "SLUICE_CONFIG": "worker.json",
            "SLUICE_WORKER_PROCESSES": "", "SLUICEGATE": "1", "sluice_redis_url": "x",
        ]
        #expect(try loaded("{}", environment: environment) == Settings.defaults)
    }

    @Test func `a variable that can mean two queues is refused`() {
        let found = faults(#"{"queues":{"a-b":{},"a_b":{}}}"#, environment: ["SLUICE_QUEUES_A_B_WEIGHT": "2"])
        #expect(found.map(\.path) == ["SLUICE_QUEUES_A_B_WEIGHT"])
        #expect(found.first?.message.contains("queues.a-b.weight and queues.a_b.weight") == true)
    }

    @Test func `a wrong key from the environment never shows its value`() {
        let found = faults(pool(""), environment: ["SLUICE_POOL_ENDPOINTS_0_API_KEY": "geheim\nX-Evil: 1"])
        #expect(found.map(\.path) == ["SLUICE_POOL_ENDPOINTS_0_API_KEY"])
        #expect(!found.description.contains("geheim"))
    }
}
