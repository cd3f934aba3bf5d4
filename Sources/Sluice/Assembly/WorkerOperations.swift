import Hummingbird
import JobFlow
import JobRunner
import Logging
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
        // Live: the claim loop still turns. A Redis that is away for a moment is no reason to restart a worker.
        let patience = max(lease, .seconds(30))
        router.get("/livez") { _, _ in Self.answer(liveness.age < patience, liveness.age) }
        router.get("/readyz") { _, _ in Self.answer(liveness.hasClaimed && liveness.age < .seconds(10), liveness.age) }
        router.get("/metrics") { _, _ in
            Response(
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

    private static func answer(_ isWell: Bool, _ age: Duration) -> Response {
        let text = #"{"status":"\#(isWell ? "healthy" : "unhealthy")","seconds_since_claim":\#(age.inSeconds)}"#
        return Response(
            status: isWell ? .ok : .serviceUnavailable, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
