import Curl
import Settings
import Telemetry

/// Whoever takes OTLP over HTTP.
struct Collector: Sendable {
    /// Of one request, as OpenTelemetry's own exporters have it.
    private static let timeout = Duration.seconds(10)

    private let curl: CurlClient
    private let url: String
    private let headers: [(name: String, value: String)]
    private let connectTimeout: Duration

    /// - Parameter endpoint: without `/v1/traces`.
    init(_ curl: CurlClient, _ endpoint: String, _ settings: Settings) {
        self.curl = curl
        headers = [("content-type", "application/json")] + settings.telemetry.headers
        url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        connectTimeout = settings.pool.connectTimeout
    }

    func post(_ body: [UInt8]) async -> ExportReply {
        do throws(CurlError) {
            let response = try await curl.send(
                CurlRequest(
                    method: "POST", url: url, headers: headers, body: body,
                    timeout: Self.timeout, connectTimeout: connectTimeout, maximumResponseBytes: 1 << 20))
            return .answered(
                status: response.status,
                retryAfter: response.headers["retry-after"].flatMap { Int($0) }.map { .seconds(max(0, $0)) },
                body: response.body)
        } catch { return .unreachable(error.message) }
    }
}
