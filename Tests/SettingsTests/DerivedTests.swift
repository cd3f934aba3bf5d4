import JobFlow
import Settings
import Testing

@Suite struct DerivedTests {
    private func derived(_ json: String, _ urls: [String: String] = [:]) throws -> String {
        String(
            decoding: try Settings.derived(
                from: Array(json.utf8), redisURL: "redis://127.0.0.1:7/0", endpointURLs: urls), as: UTF8.self)
    }

    @Test func `only the addresses change, the rest stays as it was written`() throws {
        let json = """
            { "redis" : {"partitions": 2, "url" : "redis://old" } ,
              "pool":{"endpoints":[ {"url":"http://x","name":"a"}, {"name":"b","url":"http://y"} ]}, "cache":{"ttl":"1m"}}
            """
        let expected = """
            { "redis" : {"partitions": 2, "url" : "redis://127.0.0.1:7/0" } ,
              "pool":{"endpoints":[ {"url":"http://new/a","name":"a"}, {"name":"b","url":"http://y"} ]}, "cache":{"ttl":"1m"}}
            """
        #expect(try derived(json, ["a": "http://new/a", "c": "http://new/c"]) == expected)
    }

    @Test(arguments: [
        ("{}", #"{"redis":{"url":"redis://127.0.0.1:7/0"}}"#),
        (#" {"log":{}}"#, #" {"redis":{"url":"redis://127.0.0.1:7/0"},"log":{}}"#),
        (#"{"redis":null}"#, #"{"redis":{"url":"redis://127.0.0.1:7/0"}}"#),
        (#"{"redis":{}}"#, #"{"redis":{"url":"redis://127.0.0.1:7/0"}}"#),
        (#"{"redis":{"partitions":1}}"#, #"{"redis":{"url":"redis://127.0.0.1:7/0","partitions":1}}"#),
        (#"{"redis":{"url":null}}"#, #"{"redis":{"url":"redis://127.0.0.1:7/0"}}"#),
    ])
    func `the address of Redis is added where it is missing, and no endpoint is`(json: String, expected: String) throws
    {
        #expect(try derived(json, ["a": "http://new/a"]) == expected)
    }

    @Test func `what it writes loads`() throws {
        let json = try derived(
            pool(#""weight":3"#, ""), ["e0": "http://127.0.0.1:9/\"é", "e1": "http://127.0.0.1:9/e1"])
        #expect(try JSONObject(parsing: Array(json.utf8)).duplicateKey == nil)
        let fine = try derived(
            pool(#""weight":3"#, ""), ["e0": "http://127.0.0.1:9/e0", "e1": "http://127.0.0.1:9/e1"])
        let settings = try loaded(fine)
        #expect(settings.redis.url == "redis://127.0.0.1:7/0")
        #expect(settings.pool.endpoints.map(\.url) == ["http://127.0.0.1:9/e0", "http://127.0.0.1:9/e1"])
        #expect(settings.pool.endpoints[0].weight == 3)
    }

    @Test func `malformed JSON is an error with line and column`() {
        let error = #expect(throws: SettingsError.self) { try derived("{\n]") }
        #expect(error?.description.contains("line 2, column 1") == true)
    }
}
