import Curl
import Foundation
import JobFlow
import JobRunner
import Logging
import Settings
import Telemetry

/// What a worker needs to trace its jobs. There is none where worker.json names no collector: then nothing of it exists.
struct TraceAssembly {
    let tracer: JobTracer
    let exporter: TraceExporter
    private let places: Live<[String: EndpointPlace]>

    init?(_ settings: Settings, _ curl: CurlClient, worker: String, logger: Logger) {
        guard let endpoint = settings.telemetry.otlpEndpoint else { return nil }
        let queue = SpanQueue()
        places = Live(Self.places(settings))
        tracer = JobTracer(ratio: settings.telemetry.sampleRatio, sink: queue, places: places)
        let collector = Collector(curl, endpoint, connectTimeout: settings.pool.connectTimeout)
        exporter = TraceExporter(
            queue, OTLPTraces(service: "sluice", version: SluiceCommand.version, instance: worker), logger: logger
        ) { body in await collector.post(body) }
    }

    func reconfigure(_ settings: Settings) { places.current = Self.places(settings) }

    private static func places(_ settings: Settings) -> [String: EndpointPlace] {
        let places = settings.pool.endpoints.compactMap { endpoint -> (String, EndpointPlace)? in
            let url = URLComponents(string: endpoint.url)
            return url?.host.map { (endpoint.name, EndpointPlace(host: $0, port: url?.port)) }
        }
        return Dictionary(places) { first, _ in first }
    }
}

/// Whoever takes OTLP over HTTP.
private struct Collector: Sendable {
    /// Of one request, as OpenTelemetry's own exporters have it.
    private static let timeout = Duration.seconds(10)

    private let curl: CurlClient
    private let url: String
    private let connectTimeout: Duration

    init(_ curl: CurlClient, _ endpoint: String, connectTimeout: Duration) {
        self.curl = curl
        url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        self.connectTimeout = connectTimeout
    }

    func post(_ body: [UInt8]) async -> ExportReply {
        do throws(CurlError) {
            let response = try await curl.send(
                CurlRequest(
                    method: "POST", url: url, headers: [("content-type", "application/json")], body: body,
                    timeout: Self.timeout, connectTimeout: connectTimeout, maximumResponseBytes: 1 << 20))
            return .answered(
                status: response.status,
                retryAfter: response.headers["retry-after"].flatMap { Int($0) }.map { .seconds(max(0, $0)) },
                body: response.body)
        } catch { return .unreachable(error.message) }
    }
}
