import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct ReadJobTests {
    @Test func `a finished job shows the answer byte for byte`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let id = try #require(try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string)
            let answer = #"{ "big":12345678901234567890.10,"s":"\u00e9😀\/" }"#
            try await store.complete(try #require(try await store.claimAll().first), body: answer)
            let response = try await client.get("/v1/jobs/\(id)")
            #expect(response.status == .ok)
            #expect(response.header("cache-control") == "no-store")
            let json = try response.json
            #expect(json["status"]?.string == "completed")
            #expect(json["finished_at"]?.text == "1795348800")
            #expect(
                json["result"]?.text
                    == #"{"status_code":200,"body":\#(answer),"served_by":"endpoint","endpoint":"eastus-ptu","age_seconds":null}"#
            )
            #expect(
                json["usage"]?.text
                    == #"{"prompt_tokens":3,"completion_tokens":4,"cached_tokens":1,"total_tokens":7}"#)
        }
    }

    @Test(arguments: [
        (JobResult.ServedBy.cache, Double?.some(7.25), "7.250"), (.stale, 3600, "3600"), (.coalesced, nil, "null"),
    ])
    func `an answer that was stored shows its age`(servedBy: JobResult.ServedBy, age: Double?, shown: String) throws {
        let result = JobResult(
            statusCode: 200, body: Array("{}".utf8), servedBy: servedBy, endpoint: "e", ageSeconds: age)
        let record = JobRecord(spec: Samples.spec(), state: .completed, result: result)
        let shownResult = try JSONObject(parsing: JobObject.bytes(record))["result"]?.object
        #expect(shownResult?["age_seconds"]?.raw == ArraySlice(shown.utf8))
        #expect(shownResult?["served_by"]?.string == servedBy.rawValue)
    }

    @Test func `a failed job shows its error and the next attempt of a waiting one is told`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            _ = try await client.submit(#"{"prompt":"a","custom_id":"fails"}"#)
            _ = try await client.submit(#"{"prompt":"b","custom_id":"waits"}"#)
            for claim in try await store.claimAll() {
                let failure = JobError(code: "content_filter", message: "refused", type: "invalid_request_error")
                let verdict: Verdict =
                    claim.spec.customID == "fails" ? .failed(failure, answer: nil) : .retry(after: .milliseconds(1500))
                _ = try await store.settle(
                    Settlement(claim: claim, verdict: verdict, attempts: [], spent: 1, rounds: 1))
                let json = try await client.get("/v1/jobs/\(claim.spec.id)").json
                if claim.spec.customID == "fails" {
                    #expect(json["status"]?.string == "failed")
                    #expect(
                        json["error"]?.text
                            == #"{"code":"content_filter","message":"refused","type":"invalid_request_error"}"#)
                } else {
                    #expect(json["status"]?.string == "scheduled")
                    #expect(json["next_attempt_at"]?.text == "1795348801.500")
                }
            }
        }
    }

    @Test(arguments: [
        "job_0_01h00000000000000000000000", "job_99_01h00000000000000000000000", "job_x", "batches", "%20", "job_0_",
        "-",
    ])
    func `an id that is nobody's is a 404`(id: String) async throws {
        try await withRoutes { client in
            for uri in ["/v1/jobs/\(id)", "/v1/jobs/\(id)?wait=1", "/v1/jobs/\(id)/attempts"] {
                let response = try await client.get(uri)
                #expect(response.status == .notFound)
                #expect(response.problem?["code"]?.string == "job_not_found")
            }
        }
    }

    @Test(arguments: ["-1", "60.5", "61", "abc", "", "nan", "inf", "0x10", "1,5", "1&wait=2", "%31%20"])
    func `a bad wait is named`(wait: String) async throws {
        try await withRoutes { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            let response = try await client.get("/v1/jobs/\(id)?wait=\(wait)")
            #expect(response.status == .badRequest)
            #expect(response.problem?["param"]?.string == "wait")
        }
    }

    @Test(arguments: ["0", "0.05", "5e-2", "0&other=1"])
    func `a wait that runs out shows the job as it is`(wait: String) async throws {
        try await withRoutes { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            let response = try await client.get("/v1/jobs/\(id)?wait=\(wait)")
            #expect(response.status == .ok)
            #expect(try response.json["status"]?.string == "queued")
        }
    }

    @Test func `a wait is answered when the job ends`() async throws {
        let base = makeStore()
        let store = WatchedJobStore(base)
        try await withRoutes(store: store) { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            async let response = client.get("/v1/jobs/\(id)?wait=60")
            await store.waitBegan()
            try await base.complete(try #require(try await base.claimAll().first))
            #expect(try await response.json["status"]?.string == "completed")
        }
    }

    @Test func `the ledger is shown as it was written`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            #expect(try await client.get("/v1/jobs/\(id)/attempts").text == #"{"object":"list","data":[]}"#)
            let row = Attempt(
                number: 1, endpoint: "eastus-ptu", region: "eastus", tier: "ptu", worker: "w", startedAt: noon,
                endedAt: noon + .milliseconds(250), outcome: .retry, statusCode: 429, reason: "throttled",
                delayMilliseconds: 500, billed: .no)
            var last = row
            last.number = 2
            try await store.complete(try #require(try await store.claimAll().first), attempts: [row, last])
            let rows = [row, last].map { String(decoding: $0.encoded, as: UTF8.self) }.joined(separator: ",")
            #expect(try await client.get("/v1/jobs/\(id)/attempts").text == #"{"object":"list","data":[\#(rows)]}"#)
            #expect(try await client.get("/v1/jobs/\(id)").json["attempts"]?.int == 2)
        }
    }
}
