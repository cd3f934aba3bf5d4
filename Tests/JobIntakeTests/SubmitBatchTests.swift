import HTTPTypes
import HummingbirdTesting
import JobFlow
import NIOCore
import TestKit
import Testing

@testable import JobIntake

@Suite struct SubmitBatchTests {
    private static let type: HTTPFields = [.contentType: "application/x-ndjson"]

    @Test func `a bad line never spoils its neighbours`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let body = """
                {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[]}}
                {"custom_id":"b"
                {"prompt":"Hi","model":"nobody"}

                {"prompt":"Hi","model":"gpt-4o","queue":"interactive"}
                {"custom_id":"c","method":"GET","url":"/chat/completions","body":{}}
                {"custom_id":"d","method":"POST","url":"/chat/completions","body":{}}
                """
            let response = try await client.post("/v1/jobs/batch?queue=batch", headers: Self.type, body: body)
            #expect(response.status == .ok, "\(response.text)")
            let answer = try response.json
            #expect(answer["accepted"]?.int == 3)
            #expect(answer["rejected_count"]?.int == 3)
            let rejected = try #require(answer["rejected"]?.array).compactMap(\.object)
            #expect(rejected.compactMap { $0["line"]?.int } == [2, 3, 6])
            #expect(rejected.compactMap { $0["code"]?.string } == ["invalid_json", "model_not_found", "invalid_value"])
            let claims = try await store.claimAll()
            #expect(claims.map(\.spec.queue).sorted() == ["batch", "batch", "interactive"])
            let id = try #require(answer["id"]?.string)
            let counts = try await client.get("/v1/jobs/batch/\(id)").json
            #expect(counts["total"]?.int == 3)
            #expect(counts["counts"]?.object?["in_progress"]?.int == 3)
        }
    }

    @Test func `a batch that is sent again under its key makes no job twice`() async throws {
        let store = makeStore()
        try await withRoutes(store: store, journal: makeJournal()) { client in
            var headers = Self.type
            headers[HTTPField.Name("Idempotency-Key")!] = "k"
            let body = lines(300)
            let first = try await client.post("/v1/jobs/batch", headers: headers, body: body)
            let second = try await client.post("/v1/jobs/batch", headers: headers, body: body)
            #expect(first.text == second.text)
            let id = try #require(try first.json["id"]?.string)
            #expect(try await client.get("/v1/jobs/batch/\(id)").json["total"]?.int == 300)
        }
    }

    @Test(arguments: ["other lines", "more lines", "another queue"])
    func `another batch under a key that was used is refused as a whole`(what: String) async throws {
        let store = makeStore()
        try await withRoutes(store: store, journal: makeJournal()) { client in
            var headers = Self.type
            headers[HTTPField.Name("Idempotency-Key")!] = "k"
            let first = try await client.post("/v1/jobs/batch", headers: headers, body: "bad\n" + lines(3))
            let uri = what == "another queue" ? "/v1/jobs/batch?queue=batch" : "/v1/jobs/batch"
            let body = "bad\n" + (what == "other lines" ? lines(2) + "{}\n" : lines(what == "more lines" ? 4 : 3))
            let second = try await client.post(uri, headers: headers, body: body)
            #expect(second.status == .conflict && second.problem?["code"]?.string == "idempotency_conflict")
            #expect(second.headers[HTTPField.Name("x-should-retry")!] == "false")
            #expect(try await store.census().flatMap(\.counts.values).reduce(0, +) == 3)
            let again = try await client.post("/v1/jobs/batch", headers: headers, body: "bad\n" + lines(3))
            #expect(again.status == .ok && again.text == first.text)
        }
    }

    @Test func `a line that found no room is accepted when its batch comes again under its key`() async throws {
        let store = InMemoryJobStore(maximumLength: ["default": 2], now: { noon })
        try await withRoutes(store: store) { client in
            var headers = Self.type
            headers[HTTPField.Name("Idempotency-Key")!] = "k"
            let first = try await client.post("/v1/jobs/batch", headers: headers, body: lines(3))
            #expect(try first.json["accepted"]?.int == 2)
            for claim in try await store.claimAll() { try await store.complete(claim) }
            let second = try await client.post("/v1/jobs/batch", headers: headers, body: lines(3))
            #expect(try second.json["accepted"]?.int == 3)
        }
    }

    @Test func `a batch that an SDK sends again is the same, one that it sends anew is another`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            func send(_ retries: String) async throws -> String? {
                var headers = Self.type
                headers[HTTPField.Name("x-stainless-retry-count")!] = retries
                let response = try await client.post(
                    "/v1/jobs/batch", headers: headers, body: "nonsense\n" + lines(200))
                #expect(try response.json["accepted"]?.int == 200)
                return try response.json["id"]?.string
            }
            let first = try await send("0")
            #expect(try await send("1") == first)
            #expect(try await send("0") != first)
            #expect(try await store.census().flatMap(\.counts.values).reduce(0, +) == 400)
        }
    }

    @Test func `while the queue is away the journal takes the lines, as many as may wait`() async throws {
        let store = UnreliableJobStore(makeStore())
        store.mode = .failing(StoreError(.unavailable, "away"))
        let journal = makeJournal()
        var configuration = defaultConfiguration
        configuration.spoolMaxJobs = 200
        try await withRoutes(configuration, store: store, journal: journal) { client in
            let response = try await client.post("/v1/jobs/batch", headers: Self.type, body: lines(150))
            #expect(try response.json["accepted"]?.int == 150)
            let refused = try await client.post("/v1/jobs/batch", headers: Self.type, body: lines(100))
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.problem?["code"]?.string == "spool_full")
        }
        #expect(try await journal.spooledCount() == 150)
    }

    @Test func `a long file comes in parts, whose lines go on counting`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            var headers = Self.type
            headers[HTTPField.Name("Idempotency-Key")!] = "k"
            let first = try await client.post("/v1/jobs/batch", headers: headers, body: lines(3))
            let part = "\nnonsense\n" + #"{"prompt":"Hi","model":"gpt-4o"}"#
            let second = try await client.post("/v1/jobs/batch?first_line=4", headers: headers, body: part).json
            let batch = try #require(try first.json["id"]?.string)
            #expect(second["id"]?.string == batch)
            #expect(second["first_line"]?.int == 4)
            #expect(second["rejected"]?.array?.first?.object?["line"]?.int == 5)
            let claimed = try await store.claimAll().map(\.spec.id.line)
            #expect(claimed.sorted() == [1, 2, 3, 6])
            for (query, headers) in [("first_line=4", Self.type), ("first_line=0", headers)] {
                let refused = try await client.post("/v1/jobs/batch?" + query, headers: headers, body: part)
                #expect(refused.status == .badRequest)
                #expect(refused.problem?["param"]?.string == "first_line")
            }
        }
    }

    @Test func `a line whose own key had made a job before is told with that job`() async throws {
        try await withRoutes { client in
            let line = #"{"prompt":"Hi","model":"gpt-4o","idempotency_key":"mine"}"# + "\n"
            let job = try await client.submit(line)
            let answer = try await client.post("/v1/jobs/batch", headers: Self.type, body: lines(2) + line).json
            #expect(answer["accepted"]?.int == 3)
            let known = try #require(answer["known"]?.array).compactMap(\.object)
            #expect(known.compactMap { $0["line"]?.int } == [3])
            let id = try #require(try job.json["id"]?.string)
            #expect(known.first?["id"]?.string == id)
        }
    }

    @Test func `a packed body is unpacked, a broken one refused`() async throws {
        try await withRoutes { client in
            var headers = Self.type
            headers[.contentEncoding] = "gzip"
            let response = try await client.executeRequest(
                uri: "/v1/jobs/batch", method: .post, headers: headers, body: ByteBuffer(bytes: Self.packed))
            #expect(try response.json["accepted"]?.int == 2, "\(response.text)")
            let broken = try await client.executeRequest(
                uri: "/v1/jobs/batch", method: .post, headers: headers, body: ByteBuffer(bytes: Self.packed.dropLast(9))
            )
            #expect(broken.problem?["code"]?.string == "invalid_gzip")
        }
    }

    private func lines(_ count: Int) -> String {
        (1...count).map { #"{"custom_id":"c-\#($0)","body":{"model":"gpt-4o","n":\#($0)}}"# + "\n" }.joined()
    }

    /// Two lines `{"prompt":"Hi","model":"gpt-4o"}`.
    private static let packed: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 40, 202, 207, 45, 40, 81, 178, 82, 242, 200, 84, 210,
        81, 202, 205, 79, 73, 205, 1, 114, 210, 11, 74, 116, 77, 242, 149, 106, 185, 170, 9, 41, 0, 0, 196,
        220, 92, 154, 66, 0, 0, 0,
    ]
}
