import CloudSecrets
import Curl
import JobFlow
import JobQueue
import Logging
import NIOPosix
import Redis
import RunAudit
import Settings
import Telemetry

/// Tries every connection that worker.json names, and says what is wrong in its terms.
struct ConnectionChecks {
    enum Result: Sendable {
        case ok(String)
        case fault(String)
    }

    let settings: Settings

    func all() async -> [(String, Result)] {
        var results = [("redis.url", await redis()), ("audit.path", audit())]
        for (index, endpoint) in settings.pool.endpoints.enumerated() {
            results.append(("pool.endpoints[\(index)] (\(endpoint.name))", await reach(endpoint)))
        }
        if let collector = settings.telemetry.otlpEndpoint {
            results.append(("telemetry.otlp_endpoint", await export(to: collector)))
        }
        return results
    }

    private func redis() async -> Result {
        let quiet = Logger(label: "sluice.check") { _ in SwiftLogNoOpLogHandler() }
        do {
            var configuration = try RedisConfiguration(url: settings.redis.url)
            configuration.commandTimeout = .seconds(3)
            let client = RedisClient(
                configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: quiet)
            let store = RedisJobStore(client: client, configuration: QueueConfiguration(settings), logger: quiet)
            return try await withThrowingTaskGroup { group in
                group.addTask { try await client.run() }
                defer { group.cancelAll() }
                let faults = try await store.serverFaults()
                return faults.isEmpty ? .ok("reachable") : .fault(faults.joined(separator: "; "))
            }
        } catch {
            return .fault("\(error)")
        }
    }

    private func audit() -> Result {
        let quiet = Logger(label: "sluice.check") { _ in SwiftLogNoOpLogHandler() }
        do {
            try AuditLog(configuration: AuditConfiguration(settings), logger: quiet).close()
            return .ok("writable: \(settings.audit.path)")
        } catch {
            return .fault("\(error)")
        }
    }

    /// Any HTTP answer shows that the endpoint is there; a call that costs tokens is not made.
    private func reach(_ endpoint: EndpointSettings) async -> Result {
        do {
            let curl = try CurlClient()
            defer { curl.shutdown() }
            if endpoint.auth == .entra { _ = try await CloudAccess(curl).tokens.token() }
            let response = try await curl.send(
                CurlRequest(
                    method: "GET", url: endpoint.url, timeout: .seconds(10),
                    connectTimeout: settings.pool.connectTimeout))
            return .ok("reachable, answers \(response.status)")
        } catch {
            return .fault("\(error)")
        }
    }

    /// A request without a span is one, too.
    private func export(to endpoint: String) async -> Result {
        do {
            let curl = try CurlClient()
            defer { curl.shutdown() }
            let nothing = OTLPTraces(role: "check", instance: "check").body([])
            switch await Collector(curl, endpoint, settings).post(nothing) {
            case .answered(200..<300, _, _): return .ok("takes spans")
            case .answered(let status, _, _) where [401, 403].contains(status):
                return .fault("answers \(status); has telemetry.otlp_headers the right key?")
            case .answered(let status, _, _): return .fault("answers \(status) to \(endpoint)/v1/traces")
            case .unreachable(let reason): return .fault(reason)
            }
        } catch {
            return .fault("\(error)")
        }
    }
}
