import Curl
import Testing

@Suite(.timeLimit(.minutes(5))) struct CurlShutdownTests {
    private func kinds(_ count: Int, _ client: CurlClient, _ request: CurlRequest, then: () async -> Void) async
        -> [CurlError.Kind?]
    {
        await withTaskGroup(of: CurlError.Kind?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    do throws(CurlError) { _ = try await client.send(request) } catch { return error.kind }
                    return nil
                }
            }
            await then()
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `shutdown ends what runs and closes the connections`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let kinds = await kinds(20, client, CurlRequest(url: server.url("/hang"))) {
                try? await server.wait { $0.requests == 20 }
                client.shutdown()
            }
            #expect(kinds == Array(repeating: .closed, count: 20))
            try await server.wait { $0.ended == 20 }
        }
    }

    @Test func `after shutdown requests are refused, and shutdown may be called again`() async throws {
        let client = try CurlClient()
        client.shutdown()
        client.shutdown()
        let error = try await #require(throws: CurlError.self) {
            _ = try await client.send(CurlRequest(url: "http://127.0.0.1:1/"))
        }
        #expect(error.kind == .closed)
        #expect(!error.requestWasSent)
    }

    @Test func `shutdown among sends leaves nobody waiting`() async throws {
        try await withServer { server in
            for round in 0..<100 {
                let client = try CurlClient()
                let kinds = await kinds(8, client, CurlRequest(url: server.url("/ok"))) {
                    for _ in 0..<round { await Task.yield() }
                    client.shutdown()
                }
                #expect(kinds.allSatisfy { $0 == nil || $0 == .closed }, "\(kinds)")
            }
        }
    }

    @Test func `a client let go of ends its thread and its connections`() async throws {
        try await withServer { server in
            _ = try await CurlClient().send(CurlRequest(url: server.url("/ok")))
            try await server.wait { $0.ended == 1 }
        }
    }
}
