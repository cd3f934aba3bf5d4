import Curl
import Testing

/// A transfer carries one request after another, and a connection too: nothing of the one may be in the next.
@Suite(.timeLimit(.minutes(5))) struct CurlReuseTests {
    private func lines(_ client: CurlClient, _ request: CurlRequest) async throws -> [String] {
        let answer = try await client.send(request)
        return String(decoding: answer.body, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test func `headers credentials and bodies are not said again`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let plain = CurlRequest(url: server.url("/echo"))
            let first = try await lines(client, plain)
            let secret = CurlRequest(
                url: server.url("/echo").replacing("//", with: "//user:password@"),
                headers: [("Content-Type", "text/secret"), ("Accept-Encoding", "gzip"), ("X-Secret", "1")],
                body: Array("secret".utf8))
            let between = try await lines(client, secret)
            #expect(between.contains("X-Secret: 1") && between.contains { $0.hasPrefix("Authorization: Basic ") })
            #expect(try await lines(client, plain) == first)
            #expect(server.counts.accepted == 1)
        }
    }

    @Test func `the method may change and change back`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for method in ["POST", "GET", "POST", "DELETE", "PUT", "GET"] {
                for body in [[], Array("bytes".utf8)] {
                    let seen = try await lines(
                        client, CurlRequest(method: method, url: server.url("/echo"), body: body))
                    #expect(seen.first == "\(method) /echo HTTP/1.1")
                    #expect(seen.last == String(decoding: body, as: UTF8.self))
                }
                let head = try await client.send(CurlRequest(method: "HEAD", url: server.url("/head")))
                #expect(head.body.isEmpty)
            }
        }
    }

    @Test func `limits are those of the request`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for limit in [1 << 20, 1000, 1 << 20] {
                let request = CurlRequest(url: server.url("/mebibyte"), maximumResponseBytes: limit)
                let answer = try? await client.send(request)
                #expect(answer?.body.count == (limit == 1000 ? nil : 1 << 20))
            }
        }
    }

    /// An error says whether its own request was sent, though the transfer has sent others.
    @Test func `a request that never starts is unsent`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for _ in 0..<4 { _ = try await client.send(CurlRequest(url: server.url("/ok"), body: [1])) }
            client.shutdown()
            let error = try await #require(throws: CurlError.self) {
                _ = try await client.send(CurlRequest(url: server.url("/ok"), body: [1]))
            }
            #expect(error.kind == .closed && !error.requestWasSent)
        }
    }

    /// libcurl counts retries over the life of a handle, and gives up at the sixth.
    @Test func `a GET is repeated however often connections broke before`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for _ in 0..<12 { _ = try await client.send(CurlRequest(method: "GET", url: server.url("/stale"))) }
            #expect(server.counts.accepted == 12)
        }
    }

    /// The descriptors of closed connections come back as those of new ones.
    @Test func `connections that the server closes are replaced`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for _ in 0..<100 {
                let request = CurlRequest(method: "GET", url: server.url("/once"), timeout: .seconds(20))
                #expect(try await client.send(request).status == 200)
            }
            #expect(server.counts.accepted == 100)
        }
    }
}
