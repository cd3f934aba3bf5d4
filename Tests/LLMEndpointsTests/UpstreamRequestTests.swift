import Curl
import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct UpstreamRequestTests {
    private static let azure = EndpointConfiguration(
        name: "a", url: "https://x.openai.azure.com", deployment: "gpt-4o-eu", model: "gpt-4o", apiVersion: "2024-10-21"
    )
    private static let gateway = EndpointConfiguration(name: "g", url: "http://127.0.0.1:9/pool/one")

    private func request(_ spec: JobSpec, _ endpoint: EndpointConfiguration = azure, attempt: Int = 1) -> CurlRequest {
        UpstreamRequest.request(
            Prompt(spec: spec, attempt: attempt), to: endpoint, timeout: .seconds(9), connectTimeout: .seconds(2))
    }

    @Test(
        arguments: [
            (
                .chatCompletions, azure,
                "https://x.openai.azure.com/openai/deployments/gpt-4o-eu/chat/completions?api-version=2024-10-21"
            ),
            (
                .embeddings, azure,
                "https://x.openai.azure.com/openai/deployments/gpt-4o-eu/embeddings?api-version=2024-10-21"
            ),
            (
                .completions, azure,
                "https://x.openai.azure.com/openai/deployments/gpt-4o-eu/completions?api-version=2024-10-21"
            ),
            (.responses, azure, "https://x.openai.azure.com/openai/responses?api-version=2024-10-21"),
            (.chatCompletions, gateway, "http://127.0.0.1:9/pool/one/v1/chat/completions"),
            (.embeddings, gateway, "http://127.0.0.1:9/pool/one/v1/embeddings"),
            (.completions, gateway, "http://127.0.0.1:9/pool/one/v1/completions"),
            (.responses, gateway, "http://127.0.0.1:9/pool/one/v1/responses"),
        ] as [(UpstreamPath, EndpointConfiguration, String)])
    func `every call has its place`(path: UpstreamPath, endpoint: EndpointConfiguration, url: String) {
        #expect(UpstreamRequest.url(path, endpoint) == url)
    }

    @Test func `an endpoint without a version sends none`() {
        var plain = Self.azure
        plain.apiVersion = nil
        let url = "https://x.openai.azure.com/openai/deployments/gpt-4o-eu/embeddings"
        #expect(UpstreamRequest.url(.embeddings, plain) == url)
    }

    @Test func `a request carries who asked, for what job, and how often`() {
        let request = request(Samples.spec(3), attempt: 4)
        let headers = CurlHeaders(request.headers)
        #expect(request.method == "POST" && request.timeout == .seconds(9) && request.connectTimeout == .seconds(2))
        #expect(headers["content-type"] == "application/json" && headers["accept"] == "application/json")
        #expect(headers["x-request-id"] == "req-3" && headers["x-ms-client-request-id"] == "req-3")
        #expect(headers["x-sluice-job-id"] == Samples.id(3).description && headers["x-sluice-attempt"] == "4")
        #expect(Set(request.headers.map(\.name)).count == request.headers.count)
    }

    @Test(
        arguments: [
            (.none, nil, nil), (.apiKey("k"), "k", nil), (.bearer("t"), nil, "Bearer t"),
        ] as [(Credential, String?, String?)])
    func `the credential goes into its own header`(credential: Credential, key: String?, bearer: String?) {
        var endpoint = Self.azure
        endpoint.credential = credential
        let headers = CurlHeaders(request(Samples.spec(), endpoint).headers)
        #expect(headers["api-key"] == key && headers["authorization"] == bearer)
    }

    @Test func `the trace that a call belongs to goes with it, and a job without one sends no such header`() throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        var spec = Samples.spec()
        let without = CurlHeaders(request(spec).headers)
        #expect(without["traceparent"] == nil && without["tracestate"] == nil)
        spec.trace = TraceContext(traceparent: parent, state: "a=1")
        let headers = CurlHeaders(request(spec).headers)
        #expect(headers["traceparent"] == parent && headers["tracestate"] == "a=1")
    }

    @Test func `a credential prints as redacted`() {
        var endpoint = Self.azure
        endpoint.credential = .apiKey("hunter2")
        #expect(!"\(endpoint)".contains("hunter2") && !String(reflecting: endpoint).contains("hunter2"))
        #expect(!"\(Credential.bearer("hunter2"))".contains("hunter2") && "\(Credential.none)" == "none")
    }

    private static let odd = #" { "stream" : false, "x\u0000\ud800":[1.50, 1e0 ], "model" : "gpt-4o" ,"n":1,"n":2} "#

    @Test(arguments: [UpstreamPath.chatCompletions, .embeddings, .completions])
    func `the body goes out byte for byte`(path: UpstreamPath) {
        #expect(request(Samples.spec(path: path, body: Self.odd)).body == Array(Self.odd.utf8))
        #expect(request(Samples.spec(path: path, body: "not JSON")).body == Array("not JSON".utf8))
    }

    @Test(arguments: [
        (odd, odd.replacing(#""gpt-4o""#, with: #""gpt-4o-eu""#)),
        (#"{"input":"hi"}"#, #"{"model":"gpt-4o-eu","input":"hi"}"#), ("{}", #"{"model":"gpt-4o-eu"}"#),
        (" { } ", #" {"model":"gpt-4o-eu" } "#), (#"{"model":null}"#, #"{"model":"gpt-4o-eu"}"#),
        (
            #"{"model":"a","x":{"model":"b"},"\u006dodel":"c"}"#,
            #"{"model":"gpt-4o-eu","x":{"model":"b"},"\u006dodel":"gpt-4o-eu"}"#
        ),
        ("not JSON", "not JSON"), ("[]", "[]"),
    ])
    func `responses name the deployment, and nothing else changes`(body: String, sent: String) {
        let spec = Samples.spec(path: .responses, body: body)
        #expect(String(decoding: request(spec).body, as: UTF8.self) == sent)
        #expect(request(spec, Self.gateway).body == Array(body.utf8))
    }

    @Test func `a deployment's name is escaped`() throws {
        var endpoint = Self.azure
        endpoint.deployment = "a\"b\\"
        let body = request(Samples.spec(path: .responses, body: #"{"model":"m"}"#), endpoint).body
        #expect(try JSONObject(parsing: body)["model"]?.string == "a\"b\\")
    }
}
