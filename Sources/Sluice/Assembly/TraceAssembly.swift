import Curl
import Foundation
import JobFlow
import JobIntake
import JobRunner
import Logging
import Settings
import Telemetry

/// Sends the spans of one process.
private struct TraceExport {
    let queue = SpanQueue()
    let exporter: TraceExporter

    /// - Parameters:
    ///   - endpoint: the collector's, without `/v1/traces`.
    ///   - role: what the process does.
    ///   - instance: names it among all.
    init(
        to endpoint: String, _ settings: Settings, _ curl: CurlClient, role: String, instance: String, logger: Logger
    ) {
        let collector = Collector(curl, endpoint, settings)
        exporter = TraceExporter(queue, OTLPTraces(role: role, instance: instance), logger: logger) { body in
            await collector.post(body)
        }
    }
}

/// What an intake needs to trace its requests. There is none where worker.json names no collector: then nothing of it exists.
struct IntakeTraces {
    let tracer: IntakeTracer
    let exporter: TraceExporter
    private let curl: CurlClient

    init?(_ settings: Settings, logger: Logger) throws {
        guard let endpoint = settings.telemetry.otlpEndpoint else { return nil }
        curl = try CurlClient()
        let process = ProcessInfo.processInfo
        let export = TraceExport(
            to: endpoint, settings, curl, role: "intake",
            instance: "\(process.hostName)-\(process.processIdentifier)", logger: logger)
        exporter = export.exporter
        tracer = IntakeTracer(ratio: settings.telemetry.sampleRatio, sink: export.queue, now: SystemTime.now)
    }

    /// After the exporter has ended.
    func close() { curl.shutdown() }
}

/// The same of a worker and its jobs.
struct TraceAssembly {
    let tracer: JobTracer
    let exporter: TraceExporter
    private let places: Live<[String: EndpointPlace]>

    init?(_ settings: Settings, _ curl: CurlClient, worker: String, logger: Logger) {
        guard let endpoint = settings.telemetry.otlpEndpoint else { return nil }
        let export = TraceExport(to: endpoint, settings, curl, role: "worker", instance: worker, logger: logger)
        places = Live(Self.places(settings))
        tracer = JobTracer(ratio: settings.telemetry.sampleRatio, sink: export.queue, places: places)
        exporter = export.exporter
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

extension OTLPTraces {
    /// - Parameters:
    ///   - role: what the process does.
    ///   - instance: names it among all.
    init(role: String, instance: String) {
        self.init(service: "sluice", version: SluiceCommand.version, role: role, instance: instance)
    }
}
