import Foundation
import JobFlow
import Settings
import Testing

/// The worker.json at the root of the project.
@Suite struct RepositoryFileTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("worker.json").path

    private func settings() throws -> Settings { try Settings.load(bytes: bytes(), environment: [:]) }

    private func bytes() throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: Self.path))) }

    @Test func `it loads, and differs from the defaults only where one machine needs it`() throws {
        var settings = try settings()
        #expect(settings.pool.endpoints.map(\.name) == ["eastus-ptu", "westeurope-ptu", "eastus-standard"])
        #expect(settings.pool.endpoints.map(\.region) == ["eastus", "westeurope", "eastus"])
        #expect(settings.pool.endpoints.map(\.tier) == [.ptu, .ptu, .standard])
        #expect(settings.pool.endpoints.map(\.priority) == [0, 0, 1])
        #expect(settings.pool.endpoints.allSatisfy { $0.url == "http://127.0.0.1:8090/\($0.name)" })
        #expect(settings.pool.endpoints.allSatisfy { $0.apiKey == Secret("simulator") })
        #expect(settings.worker.processes == 2)
        #expect(settings.log.format == .console)
        settings.pool.endpoints = []
        settings.worker.processes = 1
        settings.log.format = .json
        #expect(settings == Settings.defaults)
    }

    @Test func `it has every key that there is`() throws {
        let file = try paths(JSONValue(parsing: bytes()))
        let summary = try paths(JSONValue(parsing: Array(SettingsSummary(settings()).json.utf8)))
        #expect(file == summary)
    }

    @Test(arguments: [
        "redis.url", "intake.listen", "intake.max_body_bytes", "intake.spool_max_jobs", "worker.listen",
        "worker.processes", "worker.concurrency", "worker.lease", "worker.drain", "queues.interactive.weight",
        "queues.default.weight", "queues.batch.weight", "queues.batch.max_attempts", "queues.batch.deadline",
        "queues.batch.result_ttl", "queues.batch.max_length", "pool.endpoints.0.name", "pool.endpoints.0.url",
        "pool.endpoints.0.deployment", "pool.endpoints.0.model", "pool.endpoints.0.api_version",
        "pool.endpoints.0.region", "pool.endpoints.0.tier", "pool.endpoints.0.priority", "pool.endpoints.0.weight",
        "pool.endpoints.0.ptu", "pool.endpoints.0.api_key", "pool.endpoints.0.timeout", "pool.endpoints.0.max_inflight",
        "pool.connect_timeout", "retry.max_attempts", "retry.base_delay", "retry.max_delay", "retry.jitter",
        "breaker.failure_threshold", "breaker.cooldown", "cache.enabled", "cache.ttl", "cache.stale",
        "cache.max_entries",
        "cache.max_answer_bytes", "queues.batch.stale", "results.ttl", "audit.path",
        "audit.synchronous", "audit.retention", "secrets.source", "secrets.id", "secrets.region", "secrets.endpoint",
        "secrets.refresh", "log.level", "log.format", "telemetry.otlp_endpoint",
    ])
    func `it has the keys of the contract`(key: String) throws {
        #expect(try paths(JSONValue(parsing: bytes())).contains(key))
    }

    @Test func `cut short at any byte it is refused`() throws {
        let bytes = try bytes()
        let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
        for length in 0...end {
            #expect(throws: SettingsError.self) { try Settings.load(bytes: Array(bytes[..<length]), environment: [:]) }
        }
    }

    @Test func `with any one byte missing, of every 17th, it loads or is refused with a fault`() throws {
        let bytes = try bytes()
        for index in stride(from: 0, to: bytes.count, by: 17) {
            var damaged = bytes
            damaged.remove(at: index)
            do throws(SettingsError) {
                _ = try Settings.load(bytes: damaged, environment: [:])
            } catch {
                #expect(error.faults.allSatisfy { !$0.path.isEmpty && !$0.message.isEmpty })
                #expect(!error.faults.isEmpty)
            }
        }
    }

    private func paths(_ value: JSONValue, _ path: String = "") -> Set<String> {
        let prefix = path.isEmpty ? "" : path + "."
        if let object = value.object {
            return Set(object.members.flatMap { paths($0.value, prefix + $0.key) })
        }
        if let array = value.array {
            return Set(array.enumerated().flatMap { paths($0.element, prefix + String($0.offset)) })
        }
        return [path]
    }
}
