import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobFlow
import Synchronization
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct RoutingTests {
    @Test(arguments: [
        "/", "/v1", "/v1/job", "/v1/jobs/", "/v1/jobs/a/b", "/v1/jobs//cancel", "/v1/queues/a", "/v1//jobs", "/V1/jobs",
        "/health/", "*",
    ])
    func `an unknown path is a 404 in the error shape`(path: String) async throws {
        try await withRoutes { client in
            let response = try await client.get(path)
            #expect(response.status == .notFound)
            let members = response.problem?.members.map(\.key)
            #expect(members == ["message", "type", "param", "code"])
            #expect(response.problem?["param"]?.isNull == true)
            #expect(response.header("x-request-id") != nil)
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.put, "/v1/jobs", "POST, GET, HEAD"), (.delete, "/v1/jobs", "POST, GET, HEAD"),
        (.post, "/v1/jobs/x", "GET, HEAD, DELETE"), (.delete, "/v1/jobs/x/attempts", "GET, HEAD"),
        (.post, "/health", "GET, HEAD"), (.trace, "/metrics", "GET, HEAD"), (.init("BREW")!, "/livez", "GET, HEAD"),
        (.options, "/readyz", "GET, HEAD"), (.patch, "/v1/jobs", "POST, GET, HEAD"),
        (.get, "/v1/jobs/x/cancel", "POST"), (.head, "/v1/jobs/x/retry", "POST"), (.post, "/v1/queues", "GET, HEAD"),
        (.get, "/v1/queues/default/pause", "POST"), (.delete, "/v1/queues/default/resume", "POST"),
    ])
    func `a wrong method is a 405 that says which are right`(method: HTTPRequest.Method, path: String, allow: String)
        async throws
    {
        try await withRoutes { client in
            let response = try await client.executeRequest(uri: path, method: method, headers: [:], body: nil)
            #expect(response.status == .methodNotAllowed)
            #expect(response.header("allow") == allow)
            if method != .head { #expect(response.problem?["code"]?.string == "method_not_allowed") }
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await withRoutes { client in
            let get = try await client.get("/livez")
            let head = try await client.executeRequest(uri: "/livez", method: .head, headers: [:], body: nil)
            #expect(head.status == .ok)
            #expect(head.body.readableBytes == 0)
            #expect(head.header("content-length") == get.header("content-length"))
        }
    }

    @Test func `a client's request id is kept if it is fit for a log line`() async throws {
        let name = HTTPField.Name("x-request-id")!
        try await withRoutes { client in
            for fit in ["a", "trace-7/!~", String(repeating: "x", count: 128)] {
                #expect(try await client.get("/livez", headers: [name: fit]).headers[name] == fit)
            }
            for unfit in ["", "a b", "é", "\u{7f}", String(repeating: "x", count: 129)] {
                let given = try await client.get("/livez", headers: [name: unfit]).headers[name] ?? ""
                #expect(given != unfit)
                #expect(given.hasPrefix("req_") && given.utf8.count == 36)
            }
            let first = try await client.get("/livez").headers[name]
            #expect(try await client.get("/livez").headers[name] != first)
        }
    }

    @Test func `health says why it is not well`() async throws {
        try await withRoutes { client in
            for path in ["/health", "/readyz"] {
                let response = try await client.get(path)
                #expect(response.status == .ok)
                #expect(response.text == #"{"status":"healthy"}"#)
            }
        }
        try await withRoutes(readiness: { ["redis is away", "spool is full"] }) { client in
            for path in ["/health", "/readyz"] {
                let response = try await client.get(path)
                #expect(response.status == .serviceUnavailable)
                #expect(response.text == #"{"status":"unhealthy","reasons":["redis is away","spool is full"]}"#)
            }
            #expect(try await client.get("/livez").status == .ok)
        }
    }

    @Test func `an intake is ready while it can keep what it accepts, if it ever reached the queue`() async throws {
        var configuration = defaultConfiguration
        configuration.spoolMaxJobs = 1
        let spool = Spool()
        let isAway = Mutex(true)
        let readiness: @Sendable () async -> [String] = { isAway.withLock { $0 ? ["redis is away"] : [] } }
        try await withRoutes(configuration, journal: makeJournal(), spool: spool, readiness: readiness) { client in
            func expect(health: HTTPResponse.Status, ready: HTTPResponse.Status) async throws {
                #expect(try await client.get("/health").status == health)
                #expect(try await client.get("/readyz").status == ready)
            }
            try await expect(health: .serviceUnavailable, ready: .serviceUnavailable)
            isAway.withLock { $0 = false }
            try await expect(health: .ok, ready: .ok)
            isAway.withLock { $0 = true }
            try await expect(health: .serviceUnavailable, ready: .ok)
            spool.found(1)
            try await expect(health: .serviceUnavailable, ready: .serviceUnavailable)
        }
    }

    @Test func `a readiness check that hangs counts as no`() async throws {
        var configuration = defaultConfiguration
        configuration.readinessTimeout = .milliseconds(10)
        let hang: @Sendable () async -> [String] = {
            try? await Task.sleep(for: .seconds(3600))
            return []
        }
        try await withRoutes(configuration, readiness: hang) { client in
            let response = try await client.get("/health")
            #expect(response.status == .serviceUnavailable)
            #expect(response.text.contains("did not answer in time"))
        }
    }

    @Test func `metrics are handed out as text`() async throws {
        try await withRoutes { client in
            let response = try await client.get("/metrics")
            #expect(response.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(response.text.contains("up 1\n"))
        }
    }
}
