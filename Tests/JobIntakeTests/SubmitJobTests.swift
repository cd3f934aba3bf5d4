import Hummingbird
import HummingbirdTesting
import JobFlow
import JobIntake
import MetricsTestKit
import TestKit
import Testing

@Suite struct SubmitJobTests {
    @Test func `a request that an SDK sends again after a lost answer is one job`() async throws {
        try await withRoutes { client in
            func send(_ body: String, retry: Int) async throws -> TestResponse {
                try await client.submit(
                    body, headers: [.contentType: "application/json", .init("x-stainless-retry-count")!: "\(retry)"])
            }
            let body = #"{"prompt":"a","model":"gpt-4o"}"#
            let first = try await send(body, retry: 0)
            let again = try await send(body, retry: 1)
            #expect(first.status == .accepted && again.status == .ok)
            #expect(try again.json["id"]?.string == first.json["id"]?.string)
            // The same prompt, sent anew, is meant twice; another prompt under a retry count is another job.
            let anew = try await send(body, retry: 0)
            #expect(anew.status == .accepted)
            #expect(try anew.json["id"]?.string != first.json["id"]?.string)
            #expect(try await send(#"{"prompt":"b","model":"gpt-4o"}"#, retry: 2).status == .accepted)
            #expect(try await send(body, retry: 2).json["id"]?.string == anew.json["id"]?.string)
        }
    }

    @Test func `an accepted job is answered with 202, its place and itself`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let response = try await client.submit(
                #"{"prompt":"hi","model":"gpt-4o","custom_id":"c","metadata":{"k" : "\u00fc"},"expires_in":90.5}"#)
            #expect(response.status == .accepted)
            let json = try response.json
            let id = try #require(json["id"]?.string)
            #expect(response.header("location") == "/v1/jobs/\(id)")
            #expect(response.header("content-type") == "application/json")
            #expect(
                response.text == """
                    {"id":"\(id)","object":"job","status":"queued","queue":"default","custom_id":"c",\
                    "metadata":{"k" : "\\u00fc"},"created_at":1795348800,"started_at":null,"finished_at":null,\
                    "deadline":1795348890.500,"attempts":0,"max_attempts":5,"next_attempt_at":null,"result":null,\
                    "error":null,"usage":null}
                    """)
            #expect(try await client.get("/v1/jobs/\(id)").text == response.text)
            let claim = try #require(try await store.claimAll().first)
            #expect(claim.spec.id == JobID(id))
            #expect(
                String(decoding: claim.spec.body, as: UTF8.self)
                    == #"{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}"#)
        }
    }

    @Test func `the same key and content is the same job, other content a conflict`() async throws {
        try await withRoutes { client in
            let key: HTTPFields = [.init("Idempotency-Key")!: "k1"]
            let first = try await client.submit(#"{"prompt":"a"}"#, headers: key)
            let again = try await client.submit(#"{"prompt":"a","idempotency_key":"k1"}"#)
            #expect(first.status == .accepted)
            #expect(again.status == .ok)
            #expect(try again.json["id"]?.string == first.json["id"]?.string)
            #expect(again.header("location") == first.header("location"))
            let conflict = try await client.submit(#"{"prompt":"b"}"#, headers: key)
            #expect(conflict.status == .conflict)
            #expect(conflict.problem?["code"]?.string == "idempotency_conflict")
            #expect(conflict.header("x-should-retry") == "false")
        }
    }

    @Test func `a store that is away is a 503 to be tried again`() async throws {
        let store = UnreliableJobStore(makeStore())
        store.mode = .failing(StoreError(.unavailable, "redis.internal:6379 refused"))
        try await withRoutes(store: store) { client in
            for response in [
                try await client.submit(#"{"prompt":"a"}"#),
                try await client.get("/v1/jobs/job_0_01h00000000000000000000000"),
            ] {
                #expect(response.status == .serviceUnavailable)
                #expect(response.header("retry-after") == "1")
                #expect(response.header("retry-after-ms") == "1000")
                #expect(response.problem?["code"]?.string == "queue_unavailable")
                #expect(!response.text.contains("redis.internal"))
            }
            store.mode = .failing(StoreError(.protocolViolation, "WRONGTYPE sluice{0}"))
            let broken = try await client.submit(#"{"prompt":"a"}"#)
            #expect(broken.status == .internalServerError)
            #expect(broken.problem?["type"]?.string == "server_error")
            #expect(!broken.text.contains("WRONGTYPE"))
        }
    }

    @Test func `a submission whose answer was lost is found again by its key`() async throws {
        let store = UnreliableJobStore(makeStore())
        try await withRoutes(store: store) { client in
            let body = #"{"prompt":"a","idempotency_key":"k"}"#
            store.mode = .failingAfterwards(StoreError(.unavailable, "connection reset"))
            let lost = try await client.submit(body)
            #expect(lost.status == .serviceUnavailable)
            store.mode = .working
            let found = try await client.submit(body)
            #expect(found.status == .ok)
        }
    }

    @Test(arguments: [
        ("application/json", 202), ("application/json; charset=utf-8", 202), ("Application/JSON ;x=y", 202),
        ("application/vnd.api+json", 202), ("text/plain", 415), ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415), ("+json", 415), ("", 415),
    ])
    func `only JSON is taken`(type: String, status: Int) async throws {
        try await withRoutes { client in
            let response = try await client.submit(#"{"prompt":"a"}"#, headers: [.contentType: type])
            #expect(response.status.code == status)
        }
    }

    @Test func `no content type is fine, a compressed body is not`() async throws {
        try await withRoutes { client in
            #expect(try await client.submit(#"{"prompt":"a"}"#, headers: [:]).status == .accepted)
            let packed = try await client.submit(#"{"prompt":"a"}"#, headers: [.contentEncoding: "gzip"])
            #expect(packed.status == .unsupportedMediaType)
        }
    }

    @Test func `a body at the limit is taken, one byte more is not`() async throws {
        try await withRoutes { client in
            let frame = #"{"prompt":""}"#.utf8.count
            let full = #"{"prompt":""# + String(repeating: "a", count: 65_536 - frame) + #""}"#
            #expect(try await client.submit(full).status == .accepted)
            let over = try await client.submit(full + " ")
            #expect(over.status == .contentTooLarge)
            #expect(over.problem?["code"]?.string == "request_too_large")
            #expect(over.problem?["message"]?.string?.contains("65536") == true)
        }
    }

    @Test func `an empty body is a 400`() async throws {
        try await withRoutes { client in
            let response = try await client.submit("")
            #expect(response.status == .badRequest)
            #expect(response.problem?["code"]?.string == "empty_body")
        }
    }

    @Test func `the correlation id goes with the job`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            _ = try await client.submit(#"{"prompt":"a"}"#, headers: [.init("x-request-id")!: "trace-7"])
            #expect(try await store.claimAll().first?.spec.correlationID == "trace-7")
        }
    }

    @Test func `requests and jobs are counted under templates and queues`() async throws {
        let metrics = TestMetrics()
        try await withRoutes(instruments: IntakeMetrics(factory: metrics)) { client in
            let id = try await client.submit(#"{"prompt":"a","queue":"batch"}"#).json["id"]?.string ?? ""
            _ = try await client.submit(#"{"prompt":7}"#)
            _ = try await client.get("/v1/jobs/\(id)")
            _ = try await client.get("/secret/path")
        }
        let requests = "sluice_intake_requests_total"
        func total(_ route: String, _ code: String) -> Int64 {
            metrics.counterTotal(label: requests, dimensions: [("route", route), ("code", code)])
        }
        #expect(total("/v1/jobs", "202") == 1)
        #expect(total("/v1/jobs", "400") == 1)
        #expect(total("/v1/jobs/{id}", "200") == 1)
        #expect(total("unknown", "404") == 1)
        #expect(metrics.counterTotal(label: "sluice_jobs_submitted_total", dimensions: [("queue", "batch")]) == 1)
        let durations = metrics.timers(
            label: "sluice_intake_duration_seconds", dimensions: [("route", "/v1/jobs")])
        #expect(durations.flatMap(\.values).count == 2)
    }
}
