import Hummingbird
import HummingbirdTesting
import JobFlow
import MetricsTestKit
import TestKit
import Testing

@testable import JobIntake

/// `POST …/chat/completions` and its like, through the routes.
@Suite(.timeLimit(.minutes(5))) struct WaitedCallTests {
    private static let body = #"{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}"#
    private static let answer = #"{ "choices":[{"n":1e400}] }"#

    @Test(arguments: ["/v1", "/openai", "/openai/v1"], UpstreamPath.allCases)
    func `the upstream's answer comes as it was, and says which job it is of`(prefix: String, path: UpstreamPath)
        async throws
    {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let response = try await answering(store, { try await store.complete($0, body: Self.answer) }) {
                try await client.post("\(prefix)/\(path.operation)?api-version=1", body: Self.body)
            }
            #expect(response.status == .ok && response.text == Self.answer)
            let id = try #require(response.header("x-sluice-job-id").flatMap { JobID($0) })
            let spec = try #require(try await store.record(id)?.spec)
            #expect(spec.path == path && spec.queue == "interactive" && spec.model == "gpt-4o")
            #expect(try await store.body(id) == Array(Self.body.utf8))
            #expect(response.header("x-sluice-served-by") == "endpoint")
            #expect(response.header("x-sluice-attempts") == "0")
        }
    }

    @Test func `the journal lets go of a job whose end its client has read`() async throws {
        let (store, journal) = (makeStore(), makeJournal())
        try await withRoutes(store: store, journal: journal) { client in
            _ = try await answering(store, { try await store.complete($0, body: Self.answer) }) {
                try await client.post("/v1/chat/completions", body: Self.body)
            }
        }
        #expect(await journal.jobs.isEmpty)
    }

    @Test func `every spelling of a route is one route in the metrics`() async throws {
        let metrics = TestMetrics()
        let paths = ["/v1", "/openai", "/openai/v1", "/openai/deployments/a", "/openai/v1/deployments/b"]
        try await withRoutes(instruments: IntakeMetrics(factory: metrics)) { client in
            for path in paths { _ = try await client.post("\(path)/chat/completions", body: "{") }
        }
        let dimensions = [("route", "/v1/chat/completions"), ("code", "400")]
        #expect(metrics.counterTotal(label: "sluice_intake_requests_total", dimensions: dimensions) == 5)
    }

    @Test func `an upstream's refusal is the client's, and final`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let refusal = #"{"error":{"code":"content_filter","innererror":{}}}"#
            let response = try await answering(store, { try await store.refuse($0, status: 400, refusal) }) {
                try await client.post("/v1/chat/completions", body: Self.body)
            }
            #expect(response.status == .badRequest && response.text == refusal)
            #expect(response.header("x-should-retry") == "false")
            #expect(response.header("x-sluice-job-id") != nil)
        }
    }

    @Test(arguments: [
        ("connection_lost", 502), ("poison", 502), ("connection_failed", 503), ("timeout", 504),
        ("model_not_found", 404),
    ])
    func `a failure without an answer has a status of ours`(code: String, status: Int) async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let response = try await answering(store, { try await store.fail($0, code: code) }) {
                try await client.post("/v1/chat/completions", body: Self.body)
            }
            #expect(response.status.code == status && response.problem?["code"]?.string == code)
            #expect(response.header("x-should-retry") == "false")
        }
    }

    @Test func `past the limit the job is named, and goes on`() async throws {
        let store = makeStore()
        var configuration = defaultConfiguration
        configuration.waitLimit = .milliseconds(20)
        try await withRoutes(configuration, store: store) { client in
            let response = try await client.post("/v1/chat/completions", body: Self.body)
            #expect(response.status == .gatewayTimeout)
            #expect(response.problem?["code"]?.string == "wait_limit_exceeded")
            #expect(response.header("x-should-retry") == "false")
            let id = try #require(response.header("x-sluice-job-id").flatMap { JobID($0) })
            #expect(try await store.record(id)?.state == .queued)
        }
    }

    @Test func `a job that is cancelled or expires is a 504`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let cancelled = try await answering(store, { _ = try await store.cancel($0.spec.id) }) {
                try await client.post("/v1/chat/completions", body: Self.body)
            }
            #expect(cancelled.status == .gatewayTimeout && cancelled.problem?["code"]?.string == "cancelled")
            let record = JobRecord(spec: Samples.spec(), state: .expired, error: .deadlineExceeded)
            #expect(WaitedAnswer.response(record).status == .gatewayTimeout)
        }
    }

    @Test func `what an SDK sends again is one job; cancelled before, it runs again`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            @Sendable func send(_ retry: Int) async throws -> TestResponse {
                try await client.post(
                    "/v1/chat/completions", headers: [.init("x-stainless-retry-count")!: "\(retry)"], body: Self.body)
            }
            let lost = try await answering(store, { _ = try await store.cancel($0.spec.id) }) { try await send(0) }
            let found = try await answering(store, { try await store.complete($0, body: Self.answer) }) {
                try await send(1)
            }
            #expect(lost.status == .gatewayTimeout && found.status == .ok)
            #expect(found.header("x-sluice-job-id") == lost.header("x-sluice-job-id"))
            // It has ended: nothing has to be waited for.
            #expect(try await send(2).text == Self.answer)
        }
    }

    @Test func `one body on two deployments is two requests`() async throws {
        var configuration = defaultConfiguration
        configuration.waitLimit = .milliseconds(5)
        let store = makeStore()
        try await withRoutes(configuration, store: store) { client in
            for (deployment, retry) in [("gpt-4o", 0), ("gpt-4o-mini", 1)] {
                _ = try await client.post(
                    "/openai/deployments/\(deployment)/embeddings",
                    headers: [.init("x-stainless-retry-count")!: "\(retry)"], body: #"{"input":"a"}"#)
            }
            #expect(Set(try await store.claimAll().compactMap(\.spec.model)) == ["gpt-4o", "gpt-4o-mini"])
        }
    }

    @Test func `the header names the queue`() async throws {
        var configuration = defaultConfiguration
        configuration.waitLimit = .milliseconds(5)
        let store = makeStore()
        try await withRoutes(configuration, store: store) { client in
            let name = HTTPFields.Element.Name("x-sluice-queue")!
            _ = try await client.post("/v1/embeddings", headers: [name: "batch"], body: Self.body)
            #expect(try await store.claimAll().map(\.spec.queue) == ["batch"])
            let unknown = try await client.post("/v1/embeddings", headers: [name: "b"], body: Self.body)
            #expect(unknown.status == .badRequest && unknown.problem?["code"]?.string == "queue_not_found")
        }
    }

    @Test(arguments: [false, true])
    func `while no endpoint will open in time, a client is told at once, and nothing is called`(isStreamed: Bool)
        async throws
    {
        let store = makeStore()
        let board = InMemoryPoolBoard(now: { noon })
        var report = EndpointReport(endpoint: "a")
        report.throttle = .seconds(300)
        _ = try await board.exchange(PoolReport(process: "w", endpoints: [report]))
        let pool = PoolWatch(
            board: board, endpoints: [IntakeEndpoint(name: "a", model: "gpt-4o", deployment: "gpt-4o")])
        let watching = Task { try await pool.run() }
        defer { watching.cancel() }
        while pool.closedFor(model: "gpt-4o") == nil { await Task.yield() }
        var configuration = defaultConfiguration
        configuration.waitLimit = .seconds(30)
        try await withRoutes(configuration, store: store, pool: pool) { client in
            let body = isStreamed ? #"{"stream":true,"# + Self.body.dropFirst() : Self.body
            let response = try await client.post("/v1/chat/completions", body: body)
            #expect(response.status == .serviceUnavailable && response.problem?["code"]?.string == "pool_closed")
            #expect(response.header("retry-after-ms") == "120000")
            let id = try #require(response.header("x-sluice-job-id").flatMap { JobID($0) })
            #expect(try await store.record(id)?.state == .cancelled)
        }
    }

    @Test func `a pool that closes while a client waits ends its wait, unless it opens in time`() async throws {
        let store = makeStore()
        let watched = WatchedJobStore(store)
        let board = InMemoryPoolBoard(now: { noon })
        let pool = PoolWatch(
            board: board, endpoints: [IntakeEndpoint(name: "a", model: "gpt-4o", deployment: "gpt-4o")])
        var configuration = defaultConfiguration
        configuration.waitLimit = .seconds(30)
        try await withRoutes(configuration, store: watched, control: store, pool: pool) { client in
            async let answer = client.post("/v1/chat/completions", body: Self.body)
            await watched.waitBegan()
            var report = EndpointReport(endpoint: "a")
            report.throttle = .seconds(5)
            _ = try await board.exchange(PoolReport(process: "w", endpoints: [report]))
            await pool.look()
            #expect(try await store.list(JobPage(state: .queued, queue: "interactive", limit: 2)).jobs.count == 1)
            report.throttle = .seconds(300)
            _ = try await board.exchange(PoolReport(process: "w", endpoints: [report]))
            await pool.look()
            let response = try await answer
            #expect(response.status == .serviceUnavailable && response.problem?["code"]?.string == "pool_closed")
        }
    }

    @Test func `a caller's key is asked for, and its job is its own`() async throws {
        var configuration = defaultConfiguration
        configuration.waitLimit = .milliseconds(5)
        configuration.keys = [
            IntakeKey(
                caller: Caller(name: "app", scopes: [.submit]), digest: IntakeKey.digest(of: IntakeKey.hash("k")) ?? [])
        ]
        let store = makeStore()
        try await withRoutes(configuration, store: store) { client in
            #expect(try await client.post("/v1/embeddings", body: Self.body).status == .unauthorized)
            let azure = HTTPFields.Element.Name("api-key")!
            _ = try await client.post("/openai/embeddings", headers: [azure: "k"], body: Self.body)
            #expect(try await store.claimAll().map(\.spec.caller) == ["app"])
            #expect(try await client.get("/v1/models", headers: [azure: "k"]).status == .forbidden)
        }
    }

    @Test func `the models are those that the pool serves`() async throws {
        try await withRoutes { client in
            let list = try await client.get("/openai/v1/models").json["data"]?.array ?? []
            #expect(list.compactMap { $0.object?["id"]?.string } == ["gpt-4o", "gpt-4o-mini"])
            #expect(try await client.get("/v1/models/gpt%2D4o").json["id"]?.string == "gpt-4o")
            let unknown = try await client.get("/openai/models/gpt-9")
            #expect(unknown.status == .notFound && unknown.problem?["code"]?.string == "model_not_found")
        }
    }
}
