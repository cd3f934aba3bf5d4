import JobFlow
import Settings
import Testing

@Suite struct SummaryTests {
    @Test func `it shows the settings in effect and no secret`() throws {
        let settings = try loaded(
            pool(#""api_key":"geheim""#), environment: ["SLUICE_WORKER_CONCURRENCY": "7"],
            flags: [("redis.url", "redis://user:geheim@h:1/0")])
        let json = SettingsSummary(settings).json
        #expect(!json.contains("geheim"))
        let root = try JSONObject(parsing: Array(json.utf8))
        #expect(root["worker"]?.object?["concurrency"]?.int == 7)
        #expect(root["redis"]?.object?["url"]?.string == "redis://***@h:1/0")
        let endpoint = root["pool"]?.object?["endpoints"]?.array?.first?.object
        #expect(endpoint?["api_key"]?.string == "redacted")
        #expect(endpoint?["max_inflight"]?.isNull == true)
    }

    @Test func `without secrets it is a worker.json that means the same`() throws {
        let json = #"""
            {"queues":{"a":{"weight":2,"deadline":"90s"}},"retry":{"jitter":0,"base_delay":"1ms"},"cache":{"enabled":false},
             "audit":{"path":"a \"b\" @ c","synchronous":"off"},"log":{"level":"trace","format":"console"},
             "telemetry":{"otlp_endpoint":"http://h:4318"},"pool":{"endpoints":[{"name":"x","url":"https://h/p","tier":"ptu"}]}}
            """#
        let settings = try loaded(json)
        #expect(try loaded(SettingsSummary(settings).json) == settings)
        #expect(try loaded(SettingsSummary(.defaults).json) == Settings.defaults)
    }

    @Test func `it is indented, one key a line, in the order of the contract`() {
        let lines = SettingsSummary(.defaults).json.split(separator: "\n")
        #expect(lines.prefix(3) == ["{", #"  "redis": {"#, #"    "url": "redis://127.0.0.1:6379/0","#])
        let sections = lines.filter { $0.hasPrefix("  \"") }.map { $0.split(separator: "\"")[1] }
        let expected = [
            "redis", "intake", "keys", "worker", "queues", "pool", "retry", "breaker", "cache", "results", "webhooks",
            "audit",
            "secrets",
            "log", "telemetry",
        ]
        #expect(sections.map(String.init) == expected)
    }
}
