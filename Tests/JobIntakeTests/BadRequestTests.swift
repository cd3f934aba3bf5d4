import HTTPTypes
import JobFlow
import Testing

@testable import JobIntake

/// Every bad input gets a 400 that names the field.
@Suite struct BadRequestTests {
    private static let key256 = String(repeating: "k", count: 256)
    private static let pairs17 = (0..<17).map { "\"k\($0)\":\"v\"" }.joined(separator: ",")

    static let fields: [(field: String, body: String)] = [
        ("body", #"{}"#),
        ("body", #"{"model":"gpt-4o"}"#),
        ("body", #"{"body":null,"prompt":null}"#),
        ("body", #"{"body":"{}"}"#),
        ("body", #"{"body":[]}"#),
        ("prompt", #"{"body":{},"prompt":"x"}"#),
        ("prompt", #"{"prompt":1}"#),
        ("prompt", #"{"prompt":""}"#),
        ("prompt", #"{"prompt":["x"]}"#),
        ("prompt", #"{"prompt":"x","url":"/v1/embeddings"}"#),
        ("model", #"{"prompt":"x","model":7}"#),
        ("model", #"{"prompt":"x","model":""}"#),
        ("model", #"{"prompt":"x","model":"gpt-2"}"#),
        ("model", #"{"body":{},"model":"gpt-4o"}"#),
        ("body.model", #"{"body":{"model":4}}"#),
        ("body.model", #"{"body":{"model":"gpt-2"}}"#),
        ("body.model", #"{"body":{"model":"gpt-4o","model":"gpt-4o"}}"#),
        ("body.stream", #"{"url":"/v1/embeddings","body":{"stream":true}}"#),
        ("body.stream", #"{"body":{"stream":true,"stream":false}}"#),
        ("url", #"{"body":{},"url":"/v1/images"}"#),
        ("url", #"{"body":{},"url":"v1/embeddings"}"#),
        ("url", #"{"body":{},"url":{}}"#),
        ("queue", #"{"body":{},"queue":"fast"}"#),
        ("queue", #"{"body":{},"queue":""}"#),
        ("queue", #"{"body":{},"queue":3}"#),
        ("deadline", #"{"body":{},"deadline":"tomorrow"}"#),
        ("deadline", #"{"body":{},"deadline":1795348900}"#),
        ("deadline", #"{"body":{},"deadline":"2026-11-22T11:59:59Z"}"#),
        ("deadline", #"{"body":{},"deadline":"2026-11-22T12:00:00Z"}"#),
        ("expires_in", #"{"body":{},"expires_in":0}"#),
        ("expires_in", #"{"body":{},"expires_in":-1}"#),
        ("expires_in", #"{"body":{},"expires_in":"60"}"#),
        ("expires_in", #"{"body":{},"expires_in":1e400}"#),
        ("expires_in", #"{"body":{},"expires_in":31536001}"#),
        ("expires_in", #"{"body":{},"expires_in":60,"deadline":"2030-01-01T00:00:00Z"}"#),
        ("max_attempts", #"{"body":{},"max_attempts":0}"#),
        ("max_attempts", #"{"body":{},"max_attempts":101}"#),
        ("max_attempts", #"{"body":{},"max_attempts":2.5}"#),
        ("max_attempts", #"{"body":{},"max_attempts":"2"}"#),
        ("max_attempts", #"{"body":{},"max_attempts":true}"#),
        ("idempotency_key", #"{"body":{},"idempotency_key":""}"#),
        ("idempotency_key", #"{"body":{},"idempotency_key":9}"#),
        ("idempotency_key", #"{"body":{},"idempotency_key":"\#(key256)"}"#),
        ("cache", #"{"body":{},"cache":60}"#),
        ("cache", #"{"body":{},"cache":"true"}"#),
        ("cache.stale", #"{"body":{},"cache":{"stale":-1}}"#),
        ("cache.ttl", #"{"body":{},"cache":{"ttl":0}}"#),
        ("cache.ttl", #"{"body":{},"cache":{"ttl":86401}}"#),
        ("cache.ttl", #"{"body":{},"cache":{"ttl":1.5}}"#),
        ("cache.ttl", #"{"body":{},"cache":{"ttl":1,"ttl":2}}"#),
        ("cache.max", #"{"body":{},"cache":{"ttl":1,"max":2}}"#),
        ("metadata", #"{"body":{},"metadata":[]}"#),
        ("metadata", #"{"body":{},"metadata":"x"}"#),
        ("metadata", #"{"body":{},"metadata":{\#(pairs17)}}"#),
        ("metadata", #"{"body":{},"metadata":{"a":"1","\u0061":"2"}}"#),
        ("metadata", #"{"body":{},"metadata":{"\#(String(repeating: "é", count: 65))":"v"}}"#),
        ("metadata.a", #"{"body":{},"metadata":{"a":1}}"#),
        ("metadata.a", #"{"body":{},"metadata":{"a":null}}"#),
        ("metadata.a", #"{"body":{},"metadata":{"a":"\#(String(repeating: "é", count: 513))"}}"#),
        ("custom_id", #"{"body":{},"custom_id":5}"#),
        ("custom_id", #"{"body":{},"custom_id":"\#(String(repeating: "é", count: 513))"}"#),
        ("webhook_url", #"{"body":{},"webhook_url":"https://example.com/"}"#),
        ("priority", #"{"body":{},"priority":1}"#),
        ("Body", #"{"Body":{}}"#),
        ("queue", #"{"body":{},"queue":"batch","queue":"batch"}"#),
        ("body", #"{"body":{},"\u0062ody":{}}"#),
    ]

    @Test(arguments: fields)
    func `a bad field is named`(field: String, body: String) {
        let problem = #expect(throws: IntakeProblem.self) {
            try JobRequest(parsing: Array(body.utf8), defaultConfiguration, now: noon)
        }
        #expect(problem?.status.code == 400)
        #expect(problem?.param == field)
        #expect(problem?.type == "invalid_request_error")
        #expect(problem?.message.isEmpty == false)
    }

    @Test(arguments: [
        ("url", "/v1/responses", #"{"body":{},"url":"x"}"#), ("queue", "interactive", #"{"body":{},"queue":"x"}"#),
        ("x", "max_attempts", #"{"body":{},"x":"x"}"#), ("body.model", "gpt-4o-mini", #"{"body":{"model":"x"}}"#),
    ])
    func `an error says what is allowed`(field: String, allowed: String, body: String) {
        let problem = #expect(throws: IntakeProblem.self) {
            try JobRequest(parsing: Array(body.utf8), defaultConfiguration, now: noon)
        }
        #expect(problem?.param == field)
        #expect(problem?.message.contains(allowed) == true)
    }

    static let malformed: [(offset: Int, bytes: [UInt8])] = [
        (0, [0xef, 0xbb, 0xbf] + Array(#"{"body":{}}"#.utf8)),
        (0, Array("[]".utf8)),
        (0, Array("\"x\"".utf8)),
        (1, Array(" ".utf8)),
        (12, Array(#"{"body":{} ,}"#.utf8)),
        (11, Array(#"{"body":[1,]}"#.utf8)),
        (11, Array(#"{"body":{}}x"#.utf8)),
        (10, Array(#"{"body":{}"#.utf8)),
        (1, Array("{'body':{}}".utf8)),
        (11, Array(#"{"prompt":""#.utf8)),
        (11, Array(#"{"prompt":""#.utf8) + [0] + Array(#""}"#.utf8)),
        (11, Array(#"{"prompt":""#.utf8) + [0xff] + Array(#""}"#.utf8)),
        (11, Array(#"{"prompt":""#.utf8) + [0xc0, 0x80] + Array(#""}"#.utf8)),
        (11, Array(#"{"prompt":""#.utf8) + [0xed, 0xa0, 0x80] + Array(#""}"#.utf8)),
        (0, [0]),
        (1, [0x7b, 0x00]),
    ]

    @Test(arguments: malformed)
    func `a body that is not JSON is answered with the place`(offset: Int, bytes: [UInt8]) {
        let problem = #expect(throws: IntakeProblem.self) {
            try JobRequest(parsing: bytes, defaultConfiguration, now: noon)
        }
        #expect(problem?.status.code == 400)
        #expect(problem?.code == "invalid_json")
        #expect(problem?.message.contains("byte \(offset):") == true, "\(problem?.message ?? "")")
    }

    @Test func `deep nesting is refused`() {
        let deep = #"{"body":{"a":"# + String(repeating: "[", count: 10_000)
        let problem = #expect(throws: IntakeProblem.self) {
            try JobRequest(parsing: Array(deep.utf8), defaultConfiguration, now: noon)
        }
        #expect(problem?.message.contains("nested deeper") == true)
    }

    @Test func `two keys that differ are refused, and two headers`() {
        let body = Array(#"{"body":{},"idempotency_key":"a"}"#.utf8)
        for keys in [["b"], ["a", "a"], [""]] {
            let problem = #expect(throws: IntakeProblem.self) {
                try JobRequest(parsing: body, keys: keys, defaultConfiguration, now: noon)
            }
            #expect(problem?.param?.lowercased().contains("idempotency") == true)
        }
    }

    @Test func `no prompt is repeated in an error`() {
        let body = #"{"prompt":"my secret","url":"my secret too"}"#
        let problem = #expect(throws: IntakeProblem.self) {
            try JobRequest(parsing: Array(body.utf8), defaultConfiguration, now: noon)
        }
        #expect(problem?.message.contains("secret") == false)
    }
}
