import HTTPTypes
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite struct BatchResultTests {
    @Test func `the ended jobs of a batch are read page by page, each once`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let batch = try await Self.submit(30, client)
            for claim in try await store.claimAll().dropLast(5) { try await store.complete(claim) }
            var lines: [Int] = []
            var (after, pages) = ("", 0)
            while true {
                let page = try await client.get("/v1/jobs/batch/\(batch)/results?limit=7" + after).json
                let data = try #require(page["data"]?.array).compactMap(\.object)
                #expect(data.count <= 7)
                #expect(data.allSatisfy { $0["job"]?.object?["status"]?.string == "completed" })
                lines += data.compactMap { $0["line"]?.int }
                let next = try #require(page["next_after"]?.string)
                after = "&after=" + next
                pages += 1
                if page["has_more"]?.bool == false { break }
            }
            #expect(pages == 4)
            #expect(lines.count == 25 && Set(lines).count == 25)
            for claim in try await store.claimAll() { try await store.complete(claim) }
            let rest = try await client.get("/v1/jobs/batch/\(batch)/results?limit=7" + after).json
            #expect(rest["data"]?.array?.isEmpty == true)
        }
    }

    @Test func `a job that runs again is left out, one that is kept no longer is named`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let batch = try await Self.submit(3, client)
            let claims = try await store.claimAll().sorted { $0.spec.id.line < $1.spec.id.line }
            for claim in claims { try await store.fail(claim) }
            _ = try await store.retry(claims[0].spec.id)
            _ = try await store.delete(claims[1].spec.id)
            let page = try await client.get("/v1/jobs/batch/\(batch)/results").json
            let data = try #require(page["data"]?.array).compactMap(\.object)
            let lines = data.compactMap { $0["line"]?.int }
            #expect(lines.contains(3) && !lines.contains(1))
        }
    }

    @Test func `whose list was lost is read from its start`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let batch = try await Self.submit(3, client)
            for claim in try await store.claimAll() { try await store.complete(claim) }
            let far = try await client.get("/v1/jobs/batch/\(batch)/results?after=9.9.9.9").json
            #expect(far["data"]?.array?.isEmpty == true)
            let after = try #require(far["next_after"]?.string)
            let again = try await client.get("/v1/jobs/batch/\(batch)/results?after=" + after).json
            #expect(again["data"]?.array?.count == 3)
        }
    }

    @Test(arguments: ["limit=0", "limit=1001", "after=x", "after=1.2.3.4.5", "after=-1", "after=1..2"])
    func `a parameter that makes no sense is refused`(query: String) async throws {
        try await withRoutes { client in
            let batch = try await Self.submit(1, client)
            let refused = try await client.get("/v1/jobs/batch/\(batch)/results?" + query)
            #expect(refused.status == .badRequest)
            #expect(refused.problem?["param"]?.string == String(query.prefix { $0 != "=" }))
        }
    }

    @Test func `there are no results of a batch that nobody sent`() async throws {
        try await withRoutes { client in
            for id in ["batch_101kaqz2m5w3v9x8c7", "nonsense"] {
                let answer = try await client.get("/v1/jobs/batch/\(id)/results")
                #expect(answer.status == .notFound)
            }
        }
    }

    @Test func `a caller sees the results of its own batches only`() async throws {
        var configuration = defaultConfiguration
        configuration.keys = ["one", "two"].map { name in
            IntakeKey(
                caller: Caller(name: name, scopes: [.submit, .read]),
                digest: IntakeKey.digest(of: IntakeKey.hash(name))!)
        }
        try await withRoutes(configuration) { client in
            let batch = try await Self.submit(1, client, key: "one")
            for (key, status) in [("one", HTTPResponse.Status.ok), ("two", .notFound)] {
                let headers: HTTPFields = [.authorization: "Bearer " + key]
                let answer = try await client.get("/v1/jobs/batch/\(batch)/results", headers: headers)
                #expect(answer.status == status)
            }
        }
    }

    private static func submit(_ count: Int, _ client: any TestClientProtocol, key: String = "none") async throws
        -> String
    {
        let body = (1...count).map { #"{"custom_id":"c-\#($0)","body":{"model":"gpt-4o","n":\#($0)}}"# + "\n" }.joined()
        let headers: HTTPFields = [.contentType: "application/x-ndjson", .authorization: "Bearer " + key]
        let answer = try await client.post("/v1/jobs/batch?queue=batch", headers: headers, body: body).json
        return try #require(answer["id"]?.string)
    }
}
