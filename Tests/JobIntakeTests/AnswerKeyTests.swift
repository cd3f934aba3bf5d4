import JobFlow
import Testing

@testable import JobIntake

@Suite struct `The key of an answer` {
    private static let body = #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50}"#

    private static func key(
        _ body: String = body, caller: String = "", path: UpstreamPath = .chatCompletions, model: String? = "m"
    ) -> String? {
        AnswerKey.key(caller: caller, path: path, model: model, body: Array(body.utf8))
    }

    @Test(arguments: [
        #"{"temperature":0.50,"messages":[{"content":"Hi","role":"user"}],"model":"m"}"#,
        "{ \"model\" : \"m\" ,\n\t\"messages\":[ {\"role\":\"user\",\r\n\"content\":\"Hi\" } ] , \"temperature\":0.50 } ",
        #"{"stream":false,"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50,"user":"u","store":true}"#,
        #"{"metadata":{"b":1,"a":[{}]},"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50}"#,
        #"{"stream_options":{},"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50}"#,
        #"{"prompt_cache_key":"p","model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50}"#,
        #"{"safety_identifier":"s","model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50}"#,
    ])
    func `is the same for`(body: String) { #expect(Self.key(body) == Self.key()) }

    @Test(arguments: [
        #"{"model":"m","messages":[{"role":"user","content":"Hi "}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"H i"}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"\u0048i"}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.5}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":"0.50"}"#,
        #"{"model":"m","messages":[{"role":"system","content":"Hi"}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi"},{}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi","user":"u"}],"temperature":0.50}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.50,"seed":null}"#,
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#, "{}",
    ])
    func `is another for`(body: String) {
        #expect(Self.key(body) != nil)
        #expect(Self.key(body) != Self.key())
    }

    @Test func `is another for another caller, path or model`() {
        let keys = [
            Self.key(), Self.key(caller: "c"), Self.key(path: .responses), Self.key(model: "n"), Self.key(model: nil),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test func `keeps the order of lists`() {
        #expect(Self.key(#"{"input":["a","b"]}"#) != Self.key(#"{"input":["b","a"]}"#))
        #expect(Self.key(#"{"a":[1],"b":[2]}"#) != Self.key(#"{"a":[1,2],"b":[]}"#))
        #expect(Self.key(#"{"a":{"b":1},"c":1}"#) != Self.key(#"{"a":{"b":1,"c":1}}"#))
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"b":{"a":1,"c":2,"a":3}}"#, #"{"x":[{"a":1,"a":2}]}"#, #"{"a":1,"\u0061":2}"#,
        #"{"\u0073tream":true}"#, "[]", "null", "", "{", #"{"a""#, #"{"a":"#, #"{"a":[1"#, #"{"a":1"#,
    ])
    func `there is none for`(body: String) { #expect(Self.key(body) == nil) }

    @Test func `is twenty-two characters that scripts and keys can hold`() throws {
        let key = try #require(Self.key())
        #expect(key.utf8.count == 22)
        #expect(
            key.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8.contains($0) }
        )
    }

    /// Keys outlive the program that wrote them.
    @Test func `stays what it is`() { #expect(Self.key(#"{"b":1,"a":2}"#, model: nil) == "mallYbAl4NVESdvRMuItAw") }

    @Test func `spreads jobs over all partitions, and equal ones over none`() {
        let partitions = (0..<400).map { number in
            AnswerReuse(key: Self.key(#"{"n":\#(number)}"#) ?? "", ttl: .zero).partition(of: 4)
        }
        for partition in 0..<4 { #expect((60...140).contains(partitions.count { $0 == partition })) }
    }

    @Test func `members of any number are sorted`() {
        let names = (0..<3000).map { "\"k\($0 * 7919 % 3000)\":{\"b\":[],\"a\":\"x\"}" }
        let forward = Self.key("{" + names.joined(separator: ",") + "}")
        #expect(forward != nil)
        #expect(Self.key("{" + names.reversed().joined(separator: " , ") + "}") == forward)
    }
}

@Suite struct `How a request lets its answer be reused` {
    private func reuse(
        _ cache: String?, queue: IntakeQueue = IntakeQueue(name: "default", maxAttempts: 5),
        _ rules: CacheRules = CacheRules(ttl: .seconds(300), stale: .seconds(900))
    ) throws -> CacheField.Terms? {
        let json = try JSONObject(parsing: Array((cache.map { #"{"cache":\#($0)}"# } ?? "{}").utf8))
        return try CacheField.read(try JobFields(json, allowed: ["cache"]), rules, queue)
    }

    private func terms(_ ttl: Int, _ stale: Int = 0) -> CacheField.Terms {
        CacheField.Terms(ttl: .seconds(ttl), staleFor: .seconds(stale))
    }

    private let staleQueue = IntakeQueue(name: "default", maxAttempts: 5, servesStale: true)

    @Test func `as worker.json says if nothing is said`() throws {
        #expect(try reuse(nil) == terms(300))
        #expect(try reuse("null") == terms(300))
        #expect(try reuse(nil, queue: staleQueue) == terms(300, 900))
        #expect(try reuse(nil, CacheRules(isOn: false)) == nil)
    }

    @Test func `or as the request says`() throws {
        #expect(try reuse("false") == nil)
        #expect(try reuse("true", CacheRules(isOn: false)) == terms(300))
        #expect(try reuse(#"{"ttl":7}"#) == terms(7))
        #expect(try reuse(#"{}"#) == terms(300))
        #expect(try reuse(#"{"stale":true}"#) == terms(300, 900))
        #expect(try reuse(#"{"stale":60,"ttl":1}"#) == terms(1, 60))
        #expect(try reuse(#"{"stale":100000}"#) == terms(300, 900))
        #expect(try reuse(#"{"stale":false}"#, queue: staleQueue) == terms(300))
        #expect(try reuse(#"{"stale":0}"#, queue: staleQueue) == terms(300))
    }

    @Test(arguments: [
        "1", "\"yes\"", "[]", #"{"ttl":0}"#, #"{"ttl":86401}"#, #"{"stale":-1}"#, #"{"stale":"1h"}"#, #"{"age":1}"#,
    ])
    func `nonsense is refused`(cache: String) { #expect(throws: IntakeProblem.self) { try reuse(cache) } }

    @Test func `equal requests meet in one partition, unless they have keys of their own`() throws {
        func partitions(_ fields: String) throws -> Set<Int> {
            var random = SystemRandomNumberGenerator()
            let request = try JobRequest(parsing: Array(fields.utf8), defaultConfiguration, now: noon)
            return Set(
                (0..<64).map { _ in
                    request.spec(createdAt: noon, correlationID: "", partitions: 16, random: &random).id.partition
                })
        }
        #expect(try partitions(#"{"body":{}}"#).count == 1)
        #expect(try partitions(#"{"body":{},"cache":false}"#).count > 4)
        let keyed = #"{"body":{},"idempotency_key":"k""#
        #expect(try partitions(keyed + "}") == partitions(keyed + #","cache":false}"#))
    }
}
