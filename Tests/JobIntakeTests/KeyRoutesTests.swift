import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

/// What callers may see and do, through the routes.
@Suite(.timeLimit(.minutes(5))) struct KeyRoutesTests {
    private static func key(_ name: String, _ scopes: Set<Caller.Scope>, limits: CallerLimits = CallerLimits())
        -> IntakeKey
    {
        IntakeKey(
            caller: Caller(name: name, scopes: scopes, limits: limits),
            digest: IntakeKey.digest(of: IntakeKey.hash(name)) ?? [])
    }

    private var configuration: IntakeConfiguration {
        var configuration = defaultConfiguration
        configuration.keys = [
            Self.key("app", [.submit, .read]), Self.key("other", [.submit, .read]), Self.key("viewer", [.read]),
            Self.key("ops", [.admin]), Self.key("slow", [.read], limits: CallerLimits(requestsPerSecond: 1)),
        ]
        return configuration
    }

    @Test func `a caller that has as many jobs as it may is told to come again, line by line`() async throws {
        var configuration = defaultConfiguration
        configuration.partitions = 1
        configuration.keys = [
            Self.key("app", [.submit, .read], limits: CallerLimits(maxQueued: 2)), Self.key("other", [.submit]),
        ]
        let store = makeStore()
        try await withRoutes(configuration, store: store, journal: makeJournal()) { client in
            let lines = (1...4).map { #"{"body":{"model":"gpt-4o","n":\#($0)}}"# + "\n" }.joined()
            let types: HTTPFields = [.authorization: "Bearer app", .contentType: "application/x-ndjson"]
            let batch = try await client.post("/v1/jobs/batch", headers: types, body: lines).json
            #expect(batch["accepted"]?.int == 2)
            let codes = batch["rejected"]?.array?.compactMap { $0.object?["code"]?.string }
            #expect(codes == ["caller_queue_full", "caller_queue_full"])
            let refused = try await client.submit(#"{"prompt":"a"}"#, headers: headers("app"))
            #expect(refused.status == .tooManyRequests)
            #expect(refused.problem?["code"]?.string == "caller_queue_full")
            #expect(refused.header("retry-after-ms") == "5000")
            #expect(try await client.submit(#"{"prompt":"a"}"#, headers: headers("other")).status == .accepted)
            for claim in try await store.claimAll() { try await store.complete(claim) }
            #expect(try await client.submit(#"{"prompt":"a"}"#, headers: headers("app")).status == .accepted)
        }
    }

    private func headers(_ name: String) -> HTTPFields {
        [.authorization: "Bearer \(name)", .contentType: "application/json"]
    }

    @Test func `without a key nothing is told but how the server is`() async throws {
        try await withRoutes(configuration) { client in
            for path in ["/v1/jobs?status=queued", "/v1/jobs/job_0_00000000000000000000000000", "/v1/queues"] {
                let response = try await client.get(path)
                #expect(response.status == .unauthorized)
            }
            #expect(try await client.submit(#"{"prompt":"a"}"#).status == .unauthorized)
            for path in ["/health", "/livez", "/metrics"] { #expect(try await client.get(path).status == .ok) }
        }
    }

    @Test func `a caller sees its own jobs, and nobody else does but who administers`() async throws {
        try await withRoutes(configuration) { client in
            let made = try await client.submit(#"{"prompt":"a"}"#, headers: headers("app"))
            #expect(made.status == .accepted)
            let path = "/v1/jobs/" + (try #require(try made.json["id"]?.string))
            for (name, status) in [("app", HTTPResponse.Status.ok), ("ops", .ok), ("other", .notFound)] {
                #expect(try await client.get(path, headers: headers(name)).status == status)
                #expect(try await client.get(path + "?wait=0.01", headers: headers(name)).status == status)
                #expect(try await client.get(path + "/attempts", headers: headers(name)).status == status)
                let list = try await client.get("/v1/jobs?status=queued", headers: headers(name))
                #expect(try list.json["data"]?.array?.count == (status == .ok ? 1 : 0))
            }
            #expect(try await client.post(path + "/cancel", headers: headers("other")).status == .notFound)
            #expect(try await client.post(path + "/cancel", headers: headers("app")).status == .ok)
            #expect(try await client.post(path + "/retry", headers: headers("other")).status == .notFound)
        }
    }

    @Test func `a scope that the key lacks is named`() async throws {
        try await withRoutes(configuration) { client in
            let submitted = try await client.submit(#"{"prompt":"a"}"#, headers: headers("viewer"))
            #expect(submitted.status == .forbidden && submitted.problem?["code"]?.string == "missing_scope")
            #expect(submitted.problem?["message"]?.string?.contains("submit") == true)
            #expect(try await client.get("/v1/queues", headers: headers("app")).status == .forbidden)
            #expect(try await client.get("/v1/queues", headers: headers("ops")).status == .ok)
        }
    }

    @Test func `equal requests of two callers are two jobs, also under one idempotency key`() async throws {
        let store = makeStore()
        try await withRoutes(configuration, store: store) { client in
            var ids: Set<String> = []
            for name in ["app", "other", "app"] {
                let made = try await client.submit(#"{"prompt":"a","idempotency_key":"k"}"#, headers: headers(name))
                ids.insert(try #require(try made.json["id"]?.string))
            }
            #expect(ids.count == 2)
            let specs = try await store.claimAll().map(\.spec)
            #expect(Set(specs.map(\.caller)) == ["app", "other"])
            #expect(Set(specs.compactMap(\.reuse?.key)).count == 2)
        }
    }

    @Test func `who asks too often is told to wait`() async throws {
        try await withRoutes(configuration) { client in
            var last = try await client.get("/v1/jobs?status=queued", headers: headers("slow"))
            #expect(last.status == .ok)
            for _ in 0..<50 where last.status == .ok {
                last = try await client.get("/v1/jobs?status=queued", headers: headers("slow"))
            }
            #expect(last.status == .tooManyRequests && last.header("retry-after-ms") != nil)
        }
    }
}
