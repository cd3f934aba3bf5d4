import JobFlow
import Testing

@testable import JobIntake

@Suite struct JobRequestTests {
    private func parse(_ text: String, keys: [String] = []) throws -> JobRequest {
        try JobRequest(parsing: Array(text.utf8), keys: keys, defaultConfiguration, now: noon)
    }

    @Test func `what is not said gets the defaults of the queue`() throws {
        let job = try parse(#"{"body":{"messages":[]}}"#)
        #expect(job.path == .chatCompletions)
        #expect(job.queue.name == "default")
        #expect(job.maxAttempts == 5)
        #expect(job.deadline == nil)
        #expect(job.reuse?.ttl == .seconds(300))
        #expect(job.reuse?.staleFor == .zero)
        #expect(job.model == nil)
        #expect(job.idempotency == nil)
        #expect(try parse(#"{"body":{},"queue":"interactive"}"#).deadline == noon + .seconds(60))
    }

    @Test func `a null field counts as not given`() throws {
        let names = JobRequest.fields.filter { $0 != "body" }
        let nulls = names.map { "\"\($0)\":null" }.joined(separator: ",")
        #expect(try parse(#"{"body":{},"# + nulls + "}") == parse(#"{"body":{}}"#))
    }

    @Test func `the body keeps every byte`() throws {
        let body =
            #"{ "model" : "gpt-4o","n":1.50e+0300, "x":123456789012345678901234567890,"#
            + #""s":"\u00e9\ud83d\ude00é😀\/" , "a":[ ] }"#
        let job = try parse(#"{"custom_id":"c","body":"# + body + #" ,"queue":"batch"}"#)
        #expect(String(decoding: job.body, as: UTF8.self) == body)
        #expect(job.model == "gpt-4o")
    }

    @Test func `a prompt becomes one message and keeps its own spelling`() throws {
        let job = try parse(#"{"prompt":"caf\u00e9 \"é\" \/ \ud83d","model":"gpt-4\u006f"}"#)
        let expected = #"{"model":"gpt-4\u006f","messages":[{"role":"user","content":"caf\u00e9 \"é\" \/ \ud83d"}]}"#
        #expect(String(decoding: job.body, as: UTF8.self) == expected)
        #expect(job.model == "gpt-4o")
        let bare = try parse(#"{"prompt":"hi"}"#)
        #expect(String(decoding: bare.body, as: UTF8.self) == #"{"messages":[{"role":"user","content":"hi"}]}"#)
    }

    @Test func `every field is taken over`() throws {
        let job = try parse(
            #"""
            {"url":"/v1/embeddings","body":{"model":"gpt-4o-mini","input":"x"},"queue":"batch","max_attempts":100,
             "deadline":"2026-11-22T13:00:00+00:00","idempotency_key":"k","cache":{"ttl":60},"custom_id":"ünï",
             "metadata":{ "a" : "b" ,"\u0063":""}}
            """#, keys: ["k"])
        #expect(job.path == .embeddings)
        #expect(job.queue.name == "batch")
        #expect(job.maxAttempts == 100)
        #expect(job.deadline == noon + .seconds(3600))
        #expect(job.reuse?.ttl == .seconds(60))
        #expect(job.customID == "ünï")
        #expect(job.metadata.map { String(decoding: $0, as: UTF8.self) } == #"{ "a" : "b" ,"\u0063":""}"#)
        #expect(job.idempotency != nil)
    }

    @Test func `expires_in may be a fraction`() throws {
        #expect(try parse(#"{"body":{},"expires_in":0.25}"#).deadline == noon + .milliseconds(250))
        #expect(try parse(#"{"body":{},"expires_in":1e-9}"#).deadline == noon + .milliseconds(1))
    }

    @Test func `the digest of a request tells contents apart, not the order of its fields`() throws {
        let first = try parse(#"{"prompt":"a","model":"gpt-4o","idempotency_key":"k"}"#).idempotency
        let same = try parse(#"{"idempotency_key":"k","url":"/v1/chat/completions","model":"gpt-4o","prompt":"a"}"#)
        #expect(same.idempotency == first)
        for other in [
            #"{"prompt":"b","model":"gpt-4o"}"#, #"{"prompt":"a","model":"gpt-4o-mini"}"#, #"{"prompt":"a"}"#,
            #"{"prompt":"a","model":"gpt-4o","queue":"batch"}"#, #"{"prompt":"a","model":"gpt-4o","max_attempts":5}"#,
            #"{"prompt":"a","model":"gpt-4o","cache":true}"#, #"{"prompt":"a","model":"gpt-4o","custom_id":"c"}"#,
            #"{"prompt":"a","model":"gpt-4o","metadata":{}}"#, #"{"prompt":"a","model":"gpt-4o","expires_in":5}"#,
        ] {
            let digest = try parse(other, keys: ["k"]).idempotency
            #expect(digest?.key == first?.key)
            #expect(digest?.content != first?.content)
        }
    }

    @Test func `jobs of one key meet in one partition, others are spread`() throws {
        var random = SystemRandomNumberGenerator()
        func partition(_ job: JobRequest) -> Int {
            job.spec(createdAt: noon, correlationID: "c", partitions: 64, random: &random).id.partition
        }
        let keyed = try parse(#"{"prompt":"a","idempotency_key":"k"}"#)
        #expect(Set((0..<20).map { _ in partition(keyed) }).count == 1)
        let free = try parse(#"{"prompt":"a","cache":false}"#)
        #expect(Set((0..<200).map { _ in partition(free) }).count > 1)
    }
}
