import Settings
import Testing

@Suite struct SettingsChangeTests {
    private func change(_ old: String, _ new: String) throws -> SettingsChange {
        SettingsChange(from: try loaded(old), to: try loaded(new))
    }

    @Test func `the same settings are no change, however they are written`() throws {
        #expect(try change(#"{"worker":{"drain":"30s"}}"#, #"{ "worker": {"drain": "30000ms"} }"#).keys.isEmpty)
    }

    @Test func `what changed is named, and what only a new process heeds`() throws {
        let change = try change(
            #"{"retry":{"max_attempts":3},"redis":{"url":"redis://a:1"}}"#,
            #"{"retry":{"max_attempts":4},"redis":{"url":"redis://b:1"},"log":{"level":"debug"}}"#)
        #expect(change.keys == ["log.level", "redis.url", "retry.max_attempts"])
        #expect(change.needingRestart == ["redis.url"])
    }

    @Test func `endpoints that come and go are live, how long results are kept is not`() throws {
        let endpoints = try change(pool(""), pool("", #""weight":3"#))
        #expect(endpoints.keys.contains("pool.endpoints[1].weight") && endpoints.needingRestart.isEmpty)
        let queue = try change(#"{"queues":{"default":{}}}"#, #"{"queues":{"default":{"weight":9,"result_ttl":"1h"}}}"#)
        #expect(queue.keys.contains("queues.default.weight"))
        #expect(queue.needingRestart == ["queues.default.result_ttl"])
    }

    @Test func `another key is a change, and is not shown`() throws {
        let change = try change(pool(#""api_key":"first""#), pool(#""api_key":"second""#))
        #expect(change.keys == ["pool.endpoints[0].api_key"])
    }

    @Test func `another secret of webhooks is a change that a new process heeds, though it prints alike`() throws {
        func settings(_ secret: String) throws -> Settings {
            try loaded(#"{"webhooks":{"secrets":["\#(secret)"]}}"#)
        }
        let change = SettingsChange(
            from: try settings("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            to: try settings("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"))
        #expect(change.needingRestart == ["webhooks.secrets[0]"])
    }
}
