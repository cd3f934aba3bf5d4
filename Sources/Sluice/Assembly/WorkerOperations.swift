import Hummingbird
import JobFlow
import JobRunner
import Logging
import Metrics
import ServiceLifecycle
import Settings
import Telemetry

/// The worker's own small server: liveness, readiness, metrics.
struct WorkerOperations: Service {
    let listen: ListenAddress
    let lease: Duration
    let liveness: Liveness
    let registry: PrometheusRegistry
    let logger: Logger

    func run() async throws {
        let router = Router()
        // Live: the claim loop still turns. A Redis that is away is no reason to restart a worker, however long it is.
        let patience = max(lease, .seconds(30))
        router.get("/livez") { _, _ in answer(liveness.age < patience) }
        router.get("/readyz") { _, _ in answer(liveness.hasClaimed && liveness.claimAge < .seconds(10)) }
        let claimAge = Gauge(label: "sluice_claim_age_seconds")
        router.get("/metrics") { _, _ in
            claimAge.record(liveness.claimAge.inSeconds)
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: registry.render())))
        }
        let logger = logger
        let host = listen.host
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: listen.port), serverName: "sluice"),
            onServerRunning: { channel in
                logger.notice("listening", metadata: ["address": "\(host):\(channel.localAddress?.port ?? 0)"])
            }, logger: Logger(label: "sluice.operations") { _ in SwiftLogNoOpLogHandler() })
        try await application.run()
    }

    private func answer(_ isWell: Bool) -> Response {
        let (status, age) = (isWell ? "healthy" : "unhealthy", liveness.claimAge.inSeconds)
        let text = #"{"status":"\#(status)","seconds_since_claim":\#(age)}"#
        return Response(
            status: isWell ? .ok : .serviceUnavailable, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
