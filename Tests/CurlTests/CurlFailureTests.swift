import Curl
import Glibc
import Testing

/// Every way an exchange fails, and whether the server can have seen the request.
@Suite(.timeLimit(.minutes(5))) struct CurlFailureTests {
    private func failure(_ request: CurlRequest, client: CurlClient? = nil) async throws -> CurlError {
        let client = try client ?? CurlClient()
        return try await #require(throws: CurlError.self) { _ = try await client.send(request) }
    }

    @Test(arguments: [
        ("/reset", CurlError.Kind.connectionReset), ("/close", .connectionReset), ("/half", .connectionReset),
        ("/half-head", .connectionReset), ("/garbage", .malformedResponse), ("/version", .malformedResponse),
        ("/endless", .tooLarge), ("/declared", .tooLarge), ("/wide", .tooLarge), ("/hang", .timedOut),
    ])
    func `a failure after the request was read says that it was sent`(path: String, kind: CurlError.Kind) async throws {
        try await withServer { server in
            var request = CurlRequest(url: server.url(path), body: [1], maximumResponseBytes: 1000)
            if path == "/hang" { request.timeout = .milliseconds(300) }
            let error = try await failure(request)
            #expect(error.kind == kind, "\(error)")
            #expect(error.requestWasSent)
            #expect(server.counts.requests == 1)
        }
    }

    @Test func `a refused port is certain not to have seen the request`() async throws {
        let error = try await failure(CurlRequest(url: "http://127.0.0.1:\(LoopbackSocket.refusedPort())/"))
        #expect(error.kind == .connectionFailed)
        #expect(error.code == 7)
        #expect(!error.requestWasSent)
    }

    @Test func `a host that cannot exist is not found`() async throws {
        let label = String(repeating: "x", count: 70)  // longer than a name may be, so nobody is asked
        let error = try await failure(CurlRequest(url: "http://\(label)/"))
        #expect(error.kind == .unresolvedHost)
        #expect(!error.requestWasSent)
    }

    @Test func `a connection that is not accepted times out unsent`() async throws {
        let (listener, port) = try LoopbackSocket.listen(backlog: 0)
        let waiting = (0..<8).map { _ in LoopbackSocket.connect(port: port) }
        defer { for descriptor in waiting + [listener] { close(descriptor) } }
        let error = try await failure(
            CurlRequest(url: "http://127.0.0.1:\(port)/", connectTimeout: .milliseconds(200)))
        #expect(error.kind == .timedOut)
        #expect(!error.requestWasSent)
    }

    @Test func `a TLS handshake without an answer times out unsent`() async throws {
        try await withServer { server in
            let error = try await failure(
                CurlRequest(url: server.url("/ok", scheme: "https"), body: [1], connectTimeout: .milliseconds(200)))
            #expect(error.kind == .timedOut)
            #expect(!error.requestWasSent)
        }
    }

    @Test func `a server that speaks no TLS is a TLS failure`() async throws {
        try await withServer(.resetsOnAccept) { server in
            let error = try await failure(CurlRequest(url: server.url("/", scheme: "https")))
            #expect(error.kind == .tls || error.kind == .connectionFailed, "\(error)")
            #expect(!error.requestWasSent)
        }
    }

    @Test func `a reset on accept is a broken connection, however far the request got`() async throws {
        try await withServer(.resetsOnAccept) { server in
            let error = try await failure(CurlRequest(url: server.url("/ok"), body: [1]))
            #expect([.connectionReset, .connectionFailed].contains(error.kind), "\(error)")
            #expect(server.counts.requests == 0)
        }
    }

    @Test func `a POST is not repeated behind the caller's back`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            _ = try await client.send(CurlRequest(url: server.url("/stale"), body: [1]))
            let error = try await failure(CurlRequest(url: server.url("/stale"), body: [1]), client: client)
            #expect(error.kind == .connectionReset)
            #expect(error.requestWasSent)
            #expect(server.counts.requests == 2)
        }
    }

    @Test func `a GET is repeated when the kept connection breaks`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for _ in 0..<2 { _ = try await client.send(CurlRequest(method: "GET", url: server.url("/stale"))) }
            #expect(server.counts.requests == 3)
            #expect(server.counts.accepted == 2)
        }
    }

    @Test func `the client goes on after failures`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for path in ["/half", "/garbage", "/reset", "/close"] {
                _ = try await failure(CurlRequest(url: server.url(path)), client: client)
            }
            #expect(try await client.send(CurlRequest(url: server.url("/ok"))).status == 200)
        }
    }

    @Test func `an error repeats neither keys nor bodies nor the address`() async throws {
        try await withServer { server in
            for path in ["/half", "/garbage", "/reset", "/wide"] {
                let url = server.url(path).replacing("//", with: "//user:secret1@")
                let error = try await failure(
                    CurlRequest(url: url, headers: [("api-key", "secret2")], body: Array("secret3".utf8)))
                #expect(!"\(error)".contains("secret"))
                #expect(!"\(error)".contains(path))
            }
        }
    }
}
