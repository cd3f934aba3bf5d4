import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

/// The worker's part is played by the test.
@Suite(.timeLimit(.minutes(5))) struct StreamedCallTests {
    private static let body = #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#

    /// Sends the call, and plays the worker when its job is there.
    private func call(
        _ store: InMemoryJobStore = makeStore(), body: String = body, headers: HTTPFields = [:],
        _ work: @escaping @Sendable (Worker) async throws -> Void
    ) async throws -> TestResponse {
        try await withRoutes(store: store) { client in
            async let response = client.post("/v1/chat/completions", headers: headers, body: body)
            try await work(try await Worker.holding(store))
            return try await response
        }
    }

    @Test func `the pieces go to the client as they came, and nothing else`() async throws {
        let response = try await call { worker in
            try await worker.log("data: one\n\n", at: 0)
            try await worker.log("data: two\n\ndata: [DONE]\n\n", at: 11, isEnd: true)
            try await worker.store.complete(worker.claim)
        }
        #expect(response.status == .ok)
        #expect(response.header("content-type") == "text/event-stream; charset=utf-8")
        #expect(response.header("x-sluice-job-id")?.hasPrefix("job_") == true)
        #expect(response.header("x-request-id") != nil)
        #expect(response.text == "data: one\n\ndata: two\n\ndata: [DONE]\n\n")
    }

    @Test func `the job asks for a stream, and nobody else gets its answer`() async throws {
        let store = makeStore()
        _ = try await call(store) { worker in
            #expect(worker.claim.spec.isStreamed && worker.claim.spec.reuse == nil)
            #expect(worker.claim.spec.body == Array(Self.body.utf8))
            let again = JobSpec(id: worker.claim.spec.id, meta: worker.claim.spec.encodedMeta, body: [])
            #expect(again?.isStreamed == true)
            try await worker.store.complete(worker.claim)
        }
    }

    @Test func `what fails before the first piece is answered with the status of the endpoint`() async throws {
        let response = try await call { worker in
            let answer = JobResult(
                statusCode: 400, body: Array(#"{"error":{"code":"content_filter"}}"#.utf8), endpoint: "one")
            let error = JobError(code: "content_filter", message: "x", type: "invalid_request_error")
            try await worker.settle(.failed(error, answer: answer))
        }
        #expect(response.status == .badRequest)
        #expect(response.text == #"{"error":{"code":"content_filter"}}"#)
        #expect(response.header("x-sluice-job-id") != nil)
    }

    @Test func `without an answer of an endpoint the error is ours`() async throws {
        let response = try await call { worker in
            try await worker.settle(
                .failed(JobError(code: "timeout", message: "x", type: "server_error"), answer: nil))
        }
        #expect(response.status == .gatewayTimeout)
        #expect(response.problem?["code"]?.string == "timeout")
    }

    @Test func `an attempt that broke before the client saw anything is not seen`() async throws {
        let store = makeStore()
        let response = try await call(store) { worker in
            try await worker.settle(.retry(after: .zero))
            let second = try await Worker.holding(store)
            try await second.log("data: whole\n\n", at: 0, attempt: 2, isEnd: true)
            try await store.complete(second.claim)
        }
        #expect(response.text == "data: whole\n\n")
    }

    @Test func `a second answer never follows on half of the first`() async throws {
        let store = makeStore()
        let log = WatchedLog(store)
        try await withRoutes(store: store, log: log) { client in
            async let response = client.post("/v1/chat/completions", body: Self.body)
            let worker = try await Worker.holding(store)
            try await worker.log("data: half\n\n", at: 0)
            try await log.wasGiven(1)
            try await worker.log("data: whole\n\n", at: 0, attempt: 2, isEnd: true)
            try await store.complete(worker.claim)
            let text = try await response.text
            #expect(text.hasPrefix("data: half\n\ndata: {\"error\":{"))
            #expect(text.contains(#""code":"stream_restarted""#) && !text.contains("whole"))
        }
    }

    @Test func `a job that fails behind its first piece ends the stream with its error`() async throws {
        let response = try await call { worker in
            try await worker.log("data: half\n\n", at: 0)
            try await worker.settle(
                .failed(JobError(code: "stream_broken", message: "x", type: "server_error"), answer: nil))
        }
        #expect(response.text.hasPrefix("data: half\n\ndata: {\"error\":{"))
        #expect(response.text.contains(#""code":"stream_broken""#))
    }

    @Test func `an answer whose log is incomplete is not passed for whole`() async throws {
        let response = try await call { worker in
            try await worker.log("data: half\n\n", at: 0)
            try await worker.store.complete(worker.claim)
        }
        #expect(response.text.contains(#""code":"stream_incomplete""#))
    }

    @Test func `an answer that was never logged is given in the form of a stream`() async throws {
        let response = try await call { worker in
            try await worker.store.complete(
                worker.claim,
                body:
                    #"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","tool_calls":[{"id":"t"}]},"finish_reason":"stop"}]}"#
            )
        }
        #expect(response.header("content-type") == "text/event-stream; charset=utf-8")
        let chunk = #"{"id":"c","object":"chat.completion.chunk","created":null,"model":null,"choices":[{"index":0,"#
        let delta = #""delta":{"role":"assistant","content":"Hi","tool_calls":[{"index":0,"id":"t"}]},"#
        #expect(response.text == "data: \(chunk)\(delta)\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
    }

    @Test func `the same request under the same key reads the same log`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let key: HTTPFields = [.idempotencyKey: "k"]
            async let first = client.post("/v1/chat/completions", headers: key, body: Self.body)
            let worker = try await Worker.holding(store)
            try await worker.log("data: one\n\n", at: 0)
            async let second = client.post("/v1/chat/completions", headers: key, body: Self.body)
            try await worker.log("data: two\n\n", at: 11, isEnd: true)
            try await store.complete(worker.claim)
            #expect(try await first.text == "data: one\n\ndata: two\n\n")
            #expect(try await second.text == "data: one\n\ndata: two\n\n")
            #expect(try await first.header("x-sluice-job-id") == second.header("x-sluice-job-id"))
        }
    }

    @Test func `embeddings do not stream`() async throws {
        try await withRoutes { client in
            let response = try await client.post(
                "/v1/embeddings", body: #"{"model":"gpt-4o","stream":true,"input":"a"}"#)
            #expect(response.status == .badRequest)
            #expect(response.problem?["param"]?.string == "stream")
        }
    }
}

/// Who holds the one job that there is.
struct Worker: Sendable {
    let store: InMemoryJobStore
    let claim: Claim

    static func holding(_ store: InMemoryJobStore) async throws -> Worker {
        var claims: [Claim] = []
        try await eventually {
            claims = try await store.claimAll()
            return !claims.isEmpty
        }
        return Worker(store: store, claim: claims[0])
    }

    func log(_ text: String, at offset: Int, attempt: Int = 1, isEnd: Bool = false) async throws {
        let outcome = try await store.append(
            JobEventAddition(attempt: attempt, offset: offset, bytes: Array(text.utf8), isEnd: isEnd), of: claim)
        #expect(outcome == .appended)
    }

    func settle(_ verdict: Verdict) async throws {
        _ = try await store.settle(
            Settlement(claim: claim, verdict: verdict, attempts: [], spent: 1, rounds: 0))
    }
}
