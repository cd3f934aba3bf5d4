import Hummingbird
import HummingbirdTesting
import JobFlow
import ServiceLifecycle
import TestKit
import Testing

@testable import JobIntake

/// How clients see the pool.
@Suite(.timeLimit(.minutes(5))) struct EndpointRoutesTests {
    private let board = InMemoryPoolBoard(now: { noon })
    private let endpoints = [
        IntakeEndpoint(name: "ptu", region: "eastus", tier: "ptu", model: "gpt-4o", deployment: "d", ptu: 100),
        IntakeEndpoint(name: "standard", model: "gpt-4o", priority: 1),
        IntakeEndpoint(name: "other", model: "o3"),
    ]

    private var pool: PoolWatch { PoolWatch(board: board, endpoints: endpoints) }

    private func tell(_ change: (inout EndpointReport) -> Void, of endpoint: String) async throws {
        var report = EndpointReport(endpoint: endpoint)
        change(&report)
        _ = try await board.exchange(PoolReport(process: "w", endpoints: [report]))
    }

    private func listed() async throws -> [JSONObject] {
        let server = makeServer(store: makeStore(), pool: pool)
        let response = try await server.application().test(.router) { try await $0.get("/v1/endpoints") }
        #expect(response.status == .ok)
        return try #require(try response.json["data"]?.array).compactMap(\.object)
    }

    @Test func `an endpoint of which nothing was heard is open`() async throws {
        let list = try await listed()
        #expect(list.map { $0["name"]?.string } == ["ptu", "standard", "other"])
        #expect(list.allSatisfy { $0["status"]?.string == "open" })
        #expect(list[0]["ptu"]?.int == 100 && list[0]["capacity"]?.isNull == true)
        #expect(list[0]["gates"]?.text == #"{"throttle":null,"health":null,"credentials":null}"#)
    }

    @Test func `each gate has its word, and says for how long it is closed`() async throws {
        try await tell({ $0.throttle = .milliseconds(1500) }, of: "ptu")
        try await tell({ $0.health = .ill(HealthGate(closedFor: .seconds(30), round: 2)) }, of: "standard")
        try await tell(
            { $0.credentials = .out(CredentialGate(closedFor: .seconds(60), reason: "forbidden")) }, of: "other")
        let list = try await listed()
        #expect(list.map { $0["status"]?.string } == ["throttled", "ill", "refused"])
        let gates = list.map { $0["gates"]?.object }
        #expect(gates[0]?["throttle"]?.text == #"{"closed_for_seconds":1.500}"#)
        #expect(gates[1]?["health"]?.text == #"{"closed_for_seconds":30,"round":2}"#)
        #expect(gates[2]?["credentials"]?.text == #"{"closed_for_seconds":60,"reason":"forbidden"}"#)
    }

    @Test func `an endpoint without room is full`() async throws {
        try await tell({ $0.tokens = TokenReport(rate: 100, burst: 1000, taken: 1200, isUsing: true) }, of: "ptu")
        let endpoint = try #require(try await listed().first)
        #expect(endpoint["status"]?.string == "full")
        let capacity = #"{"tokens_per_minute":6000,"room_tokens":-200,"burst_tokens":1000,"workers":1}"#
        #expect(endpoint["capacity"]?.text == capacity)
    }

    @Test func `a drained endpoint says so, since when, and is put back`() async throws {
        let server = makeServer(store: makeStore(), pool: pool)
        try await server.application().test(.router) { client in
            for _ in 0..<2 {
                let drained = try await client.post("/v1/endpoints/ptu/drain")
                #expect(drained.status == .ok)
                #expect(try drained.json["status"]?.string == "drained")
                #expect(try drained.json["drained_at"]?.text == "1795348800")
            }
            #expect(try await board.standings(of: ["ptu", "other"]).map { $0.drainedAt != nil } == [true, false])
            let back = try await client.post("/v1/endpoints/ptu/undrain").json
            #expect(back["status"]?.string == "open" && back["drained_at"]?.isNull == true)
        }
    }

    @Test(arguments: ["drain", "undrain"]) func `an unknown endpoint is a 404 that names the others`(verb: String)
        async throws
    {
        let server = makeServer(store: makeStore(), pool: pool)
        try await server.application().test(.router) { client in
            let response = try await client.post("/v1/endpoints/nowhere/\(verb)")
            #expect(response.status == .notFound && response.problem?["code"]?.string == "endpoint_not_found")
            #expect(response.problem?["message"]?.string?.contains("ptu, standard, other") == true)
            #expect(try await client.post("/v1/endpoints/ptu/\(verb)", body: #"{"a":1}"#).status == .badRequest)
        }
    }

    @Test func `who waits is told when every endpoint of the model is closed, and only then`() async throws {
        let pool = pool
        try await withThrowingTaskGroup { group in
            group.addTask { try await pool.run() }
            try await tell({ $0.throttle = .seconds(5) }, of: "ptu")
            try await tell({ $0.throttle = .seconds(9) }, of: "standard")
            while pool.closedFor(model: "gpt-4o") == nil { try await Task.sleep(for: .milliseconds(5)) }
            #expect(pool.closedFor(model: "gpt-4o") == .seconds(5))
            #expect(pool.closedFor(model: "o3") == nil && pool.closedFor(model: nil) == nil)
            let server = makeServer(store: makeStore(), pool: pool)
            try await server.application().test(.router) { client in
                let made = try await client.submit(#"{"prompt":"a","model":"gpt-4o"}"#)
                let id = try #require(try made.json["id"]?.string)
                let notice = try await client.get("/v1/jobs/\(id)").json["notice"]?.object
                #expect(notice?["code"]?.string == "pool_closed" && notice?["opens_in_seconds"]?.int == 5)
            }
            group.cancelAll()
        }
    }
}
