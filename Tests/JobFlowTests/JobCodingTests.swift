import Foundation
import TestKit
import Testing

@testable import JobFlow

@Suite struct JobCodingTests {
    private let attempt = Attempt(
        number: 3, endpoint: "eastus-ptu", region: "eastus", tier: "ptu", worker: "host-1-ab", startedAt: Samples.start,
        endedAt: Samples.start + .milliseconds(1234), outcome: .retry, statusCode: 503, reason: "server_error",
        delayMilliseconds: 500, billed: .maybe,
        usage: TokenUsage(promptTokens: 9, completionTokens: 4, cachedTokens: 2),
        upstreamRequestID: "up\"1")

    private func spec(_ reuse: AnswerReuse? = nil) -> JobSpec {
        JobSpec(
            id: Samples.id(5, partition: 3), queue: "batch", path: .embeddings, model: "text-\u{e9}", body: [1, 2, 3],
            createdAt: Samples.start, deadline: Samples.start + .seconds(60), maxAttempts: 7, customID: "c\n1",
            metadata: Array(#"{ "k" : "v\u00e9" }"#.utf8), correlationID: "req \"1\"", reuse: reuse)
    }

    @Test(arguments: [
        nil, AnswerReuse(key: "a-Z_0", ttl: .seconds(300)),
        AnswerReuse(key: "k", ttl: .milliseconds(1), staleFor: .seconds(3600)),
    ])
    func `a job reads back`(reuse: AnswerReuse?) throws {
        let spec = spec(reuse)
        let back = try #require(JobSpec(id: spec.id, meta: spec.encodedMeta, body: spec.body))
        #expect(back == spec)
        _ = try JSONSerialization.jsonObject(with: Data(spec.encodedMeta))
    }

    @Test func `a job with nothing optional reads back`() {
        let spec = JobSpec(
            id: Samples.id(), queue: "q", path: .responses, model: nil, body: [], createdAt: Timestamp(milliseconds: 0),
            maxAttempts: 1, correlationID: "")
        #expect(JobSpec(id: spec.id, meta: spec.encodedMeta, body: []) == spec)
    }

    @Test(arguments: ["queue", "created", "max_attempts"])
    func `a job without its essentials is none`(member: String) throws {
        let spec = spec()
        let without = try JSONObject(parsing: spec.encodedMeta).members.filter { $0.key != member }
        let meta = JSONWriter.object { json in without.forEach { json.member(named: $0.key, raw: $0.value.raw) } }
        #expect(JobSpec(id: spec.id, meta: meta, body: []) == nil)
    }

    @Test(arguments: ["", "null", "[]", "{", #"{"queue":1,"path":"/v1/responses","created":0,"max_attempts":1}"#])
    func `nonsense is no job`(meta: String) {
        #expect(JobSpec(id: Samples.id(), meta: Array(meta.utf8), body: []) == nil)
    }

    @Test func `how its answer is reused stands where scripts look for it, and the usual path nowhere`() {
        var spec = spec(AnswerReuse(key: "k", ttl: .seconds(2), staleFor: .seconds(3)))
        spec.path = .chatCompletions
        let meta = String(decoding: spec.encodedMeta, as: UTF8.self)
        #expect(meta.hasPrefix(#"{"reuse":"k 2000 3000","queue":"#))
        #expect(!meta.contains("path"))
        #expect(JobSpec(id: spec.id, meta: spec.encodedMeta, body: spec.body) == spec)
    }

    @Test(arguments: ["k", "", "k x", "k 1 2 3"])
    func `nonsense is no reuse`(text: String) { #expect(AnswerReuse(text) == nil) }

    @Test func `members of a newer program are ignored`() throws {
        let spec = spec()
        let newer = Array(#"{"x_new":{"a":[1]},"#.utf8) + spec.encodedMeta.dropFirst()
        #expect(JobSpec(id: spec.id, meta: newer, body: spec.body) == spec)
        let row = Array(#"{"x_new":[{}],"#.utf8) + attempt.encoded.dropFirst()
        #expect(Attempt(try JSONObject(parsing: row)) == attempt)
        let usage = #"{"prompt_tokens":1,"completion_tokens":2,"reasoning_tokens":9}"#
        #expect(
            TokenUsage(try JSONObject(parsing: Array(usage.utf8))) == TokenUsage(promptTokens: 1, completionTokens: 2))
    }

    @Test(arguments: [Attempt.Outcome.completed, .retry, .failed, .released, .abandoned, .cancelled])
    func `an attempt reads back`(outcome: Attempt.Outcome) throws {
        var attempt = attempt
        attempt.outcome = outcome
        #expect(Attempt(try JSONObject(parsing: attempt.encoded)) == attempt)
        attempt.statusCode = nil
        attempt.reason = nil
        attempt.delayMilliseconds = nil
        attempt.usage = nil
        attempt.upstreamRequestID = nil
        #expect(Attempt(try JSONObject(parsing: attempt.encoded)) == attempt)
    }

    @Test func `an attempt has every member that the API promises`() throws {
        let names = try JSONObject(parsing: attempt.encoded).members.map(\.key)
        let promised = [
            "number", "endpoint", "region", "tier", "worker", "started_at", "ended_at", "outcome", "status_code",
            "reason",
            "delay_ms", "billed", "usage", "upstream_request_id",
        ]
        #expect(names == promised)
        #expect(try JSONObject(parsing: attempt.encoded)["ended_at"]?.double == 1_700_000_001.234)
    }

    @Test func `the row of a worker that died has no endpoint, and may be billed`() throws {
        let row = """
            {"number":1,"endpoint":null,"region":null,"tier":null,"worker":"w","started_at":1.5,"ended_at":2,
            "outcome":"abandoned","status_code":null,"reason":"worker_lost","delay_ms":null,"usage":null}
            """
        let attempt = try #require(Attempt(try JSONObject(parsing: Array(row.utf8))))
        #expect(attempt.endpoint == "" && attempt.billed == .maybe && attempt.outcome == .abandoned)
        #expect(attempt.startedAt == Timestamp(milliseconds: 1500))
    }

    @Test(arguments: ["1e300", "-1e300", "1e400"])
    func `impossible moments in a row do no harm`(number: String) throws {
        let row = #"{"number":1,"started_at":\#(number),"ended_at":\#(number),"outcome":"failed"}"#
        #expect(Attempt(try JSONObject(parsing: Array(row.utf8))) != nil)
    }

    @Test func `usage and errors read back`() throws {
        let usage = TokenUsage(promptTokens: 100, completionTokens: 20, cachedTokens: 64, totalTokens: 150)
        #expect(TokenUsage(try JSONObject(parsing: usage.encoded)) == usage)
        #expect(TokenUsage(promptTokens: 100, completionTokens: 20).totalTokens == 120)
        #expect(TokenUsage(promptTokens: .max, completionTokens: 20).totalTokens == .max)
        let error = JobError(code: "content_filter", message: "line\nline \"quoted\"", type: "invalid_request_error")
        #expect(JobError(try JSONObject(parsing: error.encoded)) == error)
        #expect(JobError(try JSONObject(parsing: Array(#"{"code":"x","message":"y"}"#.utf8)))?.type == "server_error")
        #expect(JobError(try JSONObject(parsing: Array(#"{"code":"x"}"#.utf8))) == nil)
    }
}
