import Curl
import Testing

@Suite(.timeLimit(.minutes(5))) struct CurlTLSTests {
    @Test func `an unknown authority is a TLS failure, and a known one is trusted`() async throws {
        let server = try await TLSServer.start(name: "IP:127.0.0.1")
        defer { server.stop() }
        let client = try CurlClient()
        var request = CurlRequest(method: "GET", url: server.url)
        let error = try await #require(throws: CurlError.self) { _ = try await client.send(request) }
        #expect(error.kind == .tls)
        #expect(!error.requestWasSent)
        #expect(error.message.contains("certificate"))

        request.ca = server.certificate
        #expect(try await client.send(request).status == 200)
    }

    @Test func `a certificate for another host is a TLS failure`() async throws {
        let server = try await TLSServer.start(name: "DNS:elsewhere.test")
        defer { server.stop() }
        let error = try await #require(throws: CurlError.self) {
            _ = try await CurlClient().send(CurlRequest(method: "GET", url: server.url, ca: server.certificate))
        }
        #expect(error.kind == .tls)
        #expect(!error.requestWasSent)
    }

    @Test func `a bundle that cannot be read is a TLS failure`() async throws {
        let error = try await #require(throws: CurlError.self) {
            _ = try await withServer { server in
                try await CurlClient().send(CurlRequest(url: server.url("/", scheme: "https"), ca: "/nowhere/ca.pem"))
            }
        }
        #expect(error.kind == .tls)
        #expect(!error.requestWasSent)
    }
}
