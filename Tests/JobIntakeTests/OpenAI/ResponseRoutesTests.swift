import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

/// Background responses, through the routes.
@Suite(.timeLimit(.minutes(5))) struct ResponseRoutesTests {
    private static let made =
        #"{"model":"gpt-4o","input":"hi","background":true,"metadata":{"k":"v"},"instructions":"Be short.","store":false}"#
    private static let answer =
        #"{"id":"resp_theirs","status":"completed","model":"gpt-4o-2","output":[{"n":1e400}],"background":false,"metadata":{}}"#

    private func make(_ client: any TestClientProtocol, _ body: String = Self.made) async throws -> String {
        let response = try await client.post("/v1/responses", body: body)
        #expect(response.status == .ok)
        return try #require(try response.json["id"]?.string)
    }

    @Test func `it is made, runs, and shows the answer under our name`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let id = try await make(client)
            #expect(ResponseID.job(id).map(ResponseID.text) == id)
            let waiting = try await client.get("/openai/responses/\(id)?api-version=1").json
            #expect(waiting["status"]?.string == "queued" && waiting["output"]?.text == "[]")
            #expect(waiting["instructions"]?.string == "Be short." && waiting["store"]?.bool == false)
            #expect(waiting["metadata"]?.text == #"{"k":"v"}"# && waiting["background"]?.bool == true)
            let claim = try #require(try await store.claimAll().first)
            #expect(claim.spec.queue == "default" && claim.spec.deadline == nil)
            #expect(try await client.get("/v1/responses/\(id)").json["status"]?.string == "in_progress")
            try await store.complete(claim, body: Self.answer)
            let done = try await client.get("/v1/responses/\(id)").json
            #expect(done["id"]?.string == id && done["status"]?.string == "completed")
            #expect(done["output"]?.text == #"[{"n":1e400}]"# && done["model"]?.string == "gpt-4o-2")
            #expect(done["metadata"]?.text == #"{"k":"v"}"# && done["background"]?.bool == true)
            #expect(done.duplicateKey == nil && done["attempts"]?.array?.isEmpty == true)
        }
    }

    @Test(arguments: [
        ("soonest", "interactive", 60), ("2h", "default", 7200), ("8h", "batch", 28_800), ("24h", "batch", 86_400),
    ])
    func `the window is queue and deadline`(window: String, queue: String, seconds: Int) async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let options = #""background":true,"background_options":{"completion_window":"\#(window)"}"#
            _ = try await make(client, #"{"input":"a",\#(options)}"#)
            let spec = try #require(try await store.claimAll().first?.spec)
            #expect(spec.queue == queue && spec.deadline == noon + .seconds(seconds))
            #expect(spec.body == Array(#"{"input":"a"}"#.utf8))
        }
    }

    @Test func `cancelling is harmless, however often and late`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let id = try await make(client)
            for _ in 0..<2 {
                let response = try await client.post("/v1/responses/\(id)/cancel")
                #expect(response.status == .ok)
                #expect(try response.json["status"]?.string == "cancelled")
            }
            let other = try await make(client)
            try await store.complete(try #require(try await store.claimAll().first), body: Self.answer)
            let late = try await client.post("/v1/responses/\(other)/cancel")
            #expect(late.status == .ok)
            #expect(try late.json["status"]?.string == "completed")
        }
    }

    @Test func `deleting ends what lives`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let id = try await make(client)
            let deleted = try await client.delete("/v1/responses/\(id)")
            #expect(deleted.text == #"{"id":"\#(id)","object":"response","deleted":true}"#)
            #expect(try await client.get("/v1/responses/\(id)").status == .notFound)
            #expect(try await client.delete("/v1/responses/\(id)").status == .notFound)
            #expect(try await store.claimAll().isEmpty)
        }
    }

    @Test func `a job of another kind is no response, and neither is a name that is none`() async throws {
        try await withRoutes { client in
            let job = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            for id in ["resp_" + job.dropFirst(4), job, "resp_", "resp_1"] {
                let response = try await client.get("/v1/responses/\(id)")
                #expect(response.status == .notFound && response.problem?["code"]?.string == "response_not_found")
            }
        }
    }

    @Test func `failures say why in words that SDKs know`() throws {
        let spec = Samples.spec(path: .responses)
        func error(_ code: String, _ answer: JobResult?) throws -> JSONObject? {
            let error = JobError(code: code, message: "m", type: "t")
            let record = JobRecord(spec: spec, state: .failed, result: answer, error: error)
            return try JSONObject(parsing: ResponseObject.bytes(record))["error"]?.object
        }
        let refused = JobResult(
            statusCode: 400, body: Array(#"{"error":{"message":"filtered"}}"#.utf8), endpoint: "e")
        #expect(try error("content_filter", refused)?["code"]?.string == "invalid_prompt")
        #expect(try error("content_filter", refused)?["message"]?.string == "filtered")
        #expect(try error("throttled", nil)?["code"]?.string == "rate_limit_exceeded")
        #expect(try error("poison", nil)?["code"]?.string == "server_error")
        #expect(try error("poison", nil)?["type"]?.string == "poison")
    }

    @Test func `input items are pages of what was asked`() async throws {
        try await withRoutes { client in
            let id = try await make(client)
            let one = try await client.get("/v1/responses/\(id)/input_items").json
            let item = one["data"]?.array?.first?.object
            #expect(item?["content"]?.text == #"[{"type":"input_text","text":"hi"}]"#)
            #expect(one["has_more"]?.bool == false && one["first_id"]?.string == item?["id"]?.string)
            for bad in ["limit=0", "limit=101", "order=up"] {
                #expect(try await client.get("/v1/responses/\(id)/input_items?\(bad)").status == .badRequest)
            }
        }
    }

    @Test func `items keep what they are, and get what they lack`() throws {
        let input =
            #"[{"role":"assistant","content":"a"},{"type":"reasoning","x":1e9},{"id":"i","role":"user","content":[]}]"#
        let id = Samples.id()
        func list(_ page: InputItems.Page) throws -> JSONObject {
            try JSONObject(parsing: InputItems.bytes(Array(#"{"input":\#(input)}"#.utf8), of: id, page))
        }
        let all = try list(InputItems.Page(isAscending: true))["data"]?.array?.compactMap(\.object) ?? []
        #expect(all[0]["content"]?.text == #"[{"type":"output_text","text":"a"}]"#)
        #expect(all[1].raw == Array(#"{"id":"msg_\#(id.ulid)_1","type":"reasoning","x":1e9}"#.utf8)[...])
        #expect(all[2]["id"]?.string == "i")
        let first = try list(InputItems.Page(limit: 2))
        #expect(first["has_more"]?.bool == true && first["first_id"]?.string == "i")
        let last = try list(InputItems.Page(after: first["last_id"]?.string))
        #expect(last["has_more"]?.bool == false && last["data"]?.array?.count == 1)
        #expect(try list(InputItems.Page(after: "unknown"))["data"]?.text == "[]")
    }
}
