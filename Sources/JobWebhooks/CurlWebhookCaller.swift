package import Curl
package import JobFlow

/// Deliveries by libcurl, with connections of their own: what is asked about a connection when it is opened holds for as
/// long as it is kept. Redirects are not followed, proxies of the environment not used.
package struct CurlWebhookCaller: WebhookCaller {
    /// Nobody reads the answer; a longer one ends the delivery as failed.
    static let answerLimit = 256 << 10

    private let curl: CurlClient
    private let timeout: Duration

    package init(curl: CurlClient, timeout: Duration) {
        self.curl = curl
        self.timeout = timeout
    }

    /// A client that connects to such addresses only.
    package static func client(_ rules: AddressRules) throws(CurlError) -> CurlClient {
        try CurlClient(
            configuration: CurlConfiguration(
                maximumConnections: 256, userAgent: "sluice-webhooks",
                mayConnect: { rules.permits(NetworkAddress(high: $0.high, low: $0.low)) }))
    }

    package func send(_ request: WebhookRequest) async -> WebhookOutcome {
        do throws(CurlError) {
            let response = try await curl.send(
                CurlRequest(
                    url: request.url.description, headers: request.headers, body: request.body, timeout: timeout,
                    connectTimeout: min(timeout, .seconds(5)), maximumResponseBytes: Self.answerLimit))
            return .answered(response.status, retryAfter: Self.wish(response.headers["retry-after"]))
        } catch {
            return Self.outcome(error.kind)
        }
    }

    /// Seconds; a date is not understood.
    private static func wish(_ text: String?) -> Duration? {
        text.flatMap { Int64($0) }.flatMap { 0...1_000_000_000 ~= $0 ? .seconds($0) : nil }
    }

    private static func outcome(_ kind: CurlError.Kind) -> WebhookOutcome {
        switch kind {
        case .addressRefused: .addressRefused
        case .cancelled, .closed: .cancelled
        case .unresolvedHost: .failed("unresolved_host")
        case .connectionFailed: .failed("connection_failed")
        case .tls: .failed("tls")
        case .timedOut: .failed("timeout")
        case .connectionReset: .failed("connection_reset")
        case .tooLarge: .failed("answer_too_large")
        case .malformedResponse, .http2: .failed("malformed_answer")
        case .invalidRequest: .failed("invalid_url")
        case .other: .failed("other")
        }
    }
}
