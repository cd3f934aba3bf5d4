import Curl
import Testing

/// What goes out and what comes back when all is well.
@Suite(.timeLimit(.minutes(5))) struct CurlClientTests {
    private func echo(_ request: CurlRequest) async throws -> String {
        try await withServer { server in
            var request = request
            request.url = server.url("/echo")
            let answer = try await CurlClient().send(request)
            #expect(answer.status == 200)
            return String(decoding: answer.body, as: UTF8.self)
        }
    }

    @Test func `method headers and body arrive as they were given`() async throws {
        let seen = try await echo(
            CurlRequest(
                url: "", headers: [("Content-Type", "application/json"), ("X-Empty", ""), ("X-Twice", "1")],
                body: Array(#"{"a":1}"#.utf8)))
        #expect(seen.hasPrefix("POST /echo HTTP/1.1\r\n"))
        #expect(seen.hasSuffix("\r\n\r\n" + #"{"a":1}"#))
        for line in ["Content-Type: application/json", "X-Empty:", "X-Twice: 1", "Content-Length: 7"] {
            #expect(seen.contains("\r\n\(line)\r\n"), "\(line)")
        }
    }

    @Test func `nothing is said that was not asked for`() async throws {
        let seen = try await echo(CurlRequest(url: "", body: [1, 2, 3]))
        #expect(seen.contains("\r\nAccept-Encoding: identity\r\n"))
        #expect(seen.contains("\r\nUser-Agent: sluice\r\n"))
        #expect(!seen.contains("Expect:"))
        #expect(!seen.contains("Content-Type:"))
    }

    @Test func `an empty POST says that it is empty`() async throws {
        #expect(try await echo(CurlRequest(url: "")).contains("\r\nContent-Length: 0\r\n"))
    }

    @Test(arguments: ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func `the method is the one asked for, with a body and without`(method: String) async throws {
        for body in [[], Array("bytes".utf8)] {
            let seen = try await echo(CurlRequest(method: method, url: "", body: body))
            #expect(seen.hasPrefix("\(method) /echo HTTP/1.1\r\n"))
            #expect(seen.hasSuffix("\r\n\r\n" + String(decoding: body, as: UTF8.self)))
        }
    }

    @Test func `a large body goes out without waiting for leave`() async throws {
        let body = [UInt8](repeating: 0x61, count: 3 << 20)
        #expect(try await echo(CurlRequest(url: "", body: body)).utf8.count > body.count)
    }

    @Test func `HEAD has headers and no body`() async throws {
        try await withServer { server in
            let answer = try await CurlClient().send(CurlRequest(method: "HEAD", url: server.url("/head")))
            #expect(answer.headers["content-length"] == "5000")
            #expect(answer.body.isEmpty)
        }
    }

    @Test func `a refusal is an answer, and its headers are found in any case`() async throws {
        try await withServer { server in
            let answer = try await CurlClient().send(CurlRequest(url: server.url("/limited")))
            #expect(answer.status == 429)
            #expect(answer.headers["retry-after-ms"] == "1200")
            #expect(answer.headers["x-none"] == nil)
        }
    }

    @Test func `the headers are those of the final response only`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let interim = try await client.send(CurlRequest(url: server.url("/interim")))
            #expect(interim.headers["X-Test"] == "Yes")
            #expect(interim.headers["X-Early"] == nil)
            let late = try await client.send(CurlRequest(url: server.url("/trailers")))
            #expect(late.body == Array("hi".utf8))
            #expect(late.headers["X-Late"] == nil)
        }
    }

    @Test func `an answer in pieces and a large one come whole`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            #expect(try await client.send(CurlRequest(url: server.url("/slow"))).body == ServerReply.bytes(20))
            let large = try await client.send(CurlRequest(url: server.url("/mebibyte"), maximumResponseBytes: 1 << 20))
            #expect(large.body == ServerReply.bytes(1 << 20))
        }
    }

    @Test func `one connection serves requests that follow each other`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for _ in 0..<50 { _ = try await client.send(CurlRequest(url: server.url("/ok"), body: [1])) }
            #expect(server.counts == TestServer.Counts(accepted: 1, requests: 50, ended: 0))
        }
    }

    @Test func `the version names libcurl`() {
        #expect(CurlClient.version.hasPrefix("libcurl/"))
    }
}
