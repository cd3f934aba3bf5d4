import Curl
import Testing

@Suite(.timeLimit(.minutes(5))) struct RequestRulesTests {
    private static let valid = CurlRequest(url: "http://127.0.0.1:1/")

    private func refusal(_ change: (inout CurlRequest) -> Void) async throws -> CurlError {
        var request = Self.valid
        change(&request)
        let client = try CurlClient()
        return try await #require(throws: CurlError.self) { _ = try await client.send(request) }
    }

    @Test(arguments: ["", "post", "CONNECT", "GET / HTTP/1.1\r\nX: y"])
    func `a method outside the list is refused`(method: String) async throws {
        let error = try await refusal { $0.method = method }
        #expect(error.kind == .invalidRequest)
        #expect(error.message.hasPrefix("method"))
    }

    @Test(arguments: [
        "", "127.0.0.1", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a b/", "http://a/\r\nX: y", "http://a/\0b",
        "http://127.0.0.1:port/",
    ])
    func `a url that is no http url is refused`(url: String) async throws {
        let error = try await refusal { $0.url = url }
        #expect(error.kind == .invalidRequest, "\(error)")
        #expect(!error.requestWasSent)
    }

    @Test(arguments: ["a\r\nX-Other: b", "a\nb", "a\rb", "a\0b", "a\u{7f}"])
    func `a header value with control characters is refused and not repeated`(value: String) async throws {
        let error = try await refusal { $0.headers = [("X-Key", value)] }
        #expect(
            error
                == CurlError(
                    kind: .invalidRequest, message: "header X-Key holds a control character", requestWasSent: false))
    }

    @Test(arguments: ["", "a b", "a:b", "a\r\nb", "é"])
    func `a header name that is no token is refused`(name: String) async throws {
        #expect(try await refusal { $0.headers = [(name, "v")] }.kind == .invalidRequest)
    }

    @Test(arguments: ["Content-Length", "transfer-encoding", "Expect"])
    func `headers that frame the message belong to the driver`(name: String) async throws {
        #expect(try await refusal { $0.headers = [(name, "1")] }.message == "header \(name) is set by the driver")
    }

    @Test func `other fields are checked and named`() async throws {
        #expect(try await refusal { $0.maximumResponseBytes = 0 }.message.contains("maximumResponseBytes"))
        #expect(try await refusal { $0.ca = "a\0b" }.message.contains("ca"))
        let head = try await refusal {
            $0.method = "HEAD"
            $0.body = [1]
        }
        #expect(head.kind == .invalidRequest)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `no time left is a timeout before anything is sent`(timeout: Duration) async throws {
        let error = try await refusal { $0.timeout = timeout }
        #expect(error.kind == .timedOut)
        #expect(!error.requestWasSent)
    }
}
