import Hummingbird
import HummingbirdTesting
import JobFlow
import JobIntake
import Logging
import Metrics
import NIOCore
import TestKit

/// 2026-11-22T12:00:00Z, the time of every test.
let noon = Timestamp(milliseconds: 1_795_348_800_000)

let defaultConfiguration = IntakeConfiguration(
    maximumBodyBytes: 65_536,
    queues: [
        IntakeQueue(name: "interactive", maxAttempts: 3, deadline: .seconds(60)),
        IntakeQueue(name: "default", maxAttempts: 5), IntakeQueue(name: "batch", maxAttempts: 8),
    ], partitions: 4, models: ["gpt-4o", "gpt-4o-mini"])

func makeServer(
    _ configuration: IntakeConfiguration = defaultConfiguration, store: any JobStore,
    readiness: @escaping @Sendable () async -> [String] = { [] }, instruments: IntakeMetrics = IntakeMetrics()
) -> IntakeServer {
    IntakeServer(
        configuration: configuration, store: store, now: { noon }, metrics: { "# TYPE up gauge\nup 1\n" },
        readiness: readiness, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, instruments: instruments)
}

func makeStore() -> InMemoryJobStore { InMemoryJobStore(now: { noon }) }

/// Sends requests to the routes without a socket between.
func withRoutes<Value: Sendable>(
    _ configuration: IntakeConfiguration = defaultConfiguration, store: any JobStore = makeStore(),
    readiness: @escaping @Sendable () async -> [String] = { [] }, instruments: IntakeMetrics = IntakeMetrics(),
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
) async throws -> Value {
    let server = makeServer(configuration, store: store, readiness: readiness, instruments: instruments)
    return try await server.application().test(.router) { try await body($0) }
}

extension TestClientProtocol {
    func submit(_ body: String, headers: HTTPFields = [.contentType: "application/json"]) async throws -> TestResponse {
        try await executeRequest(uri: "/v1/jobs", method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .get, headers: headers, body: nil)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    var json: JSONObject {
        get throws { try JSONObject(parsing: Array(body.readableBytesView)) }
    }

    /// The members of `error`.
    var problem: JSONObject? { try? json["error"]?.object }

    func header(_ name: String) -> String? { HTTPFields.Element.Name(name).flatMap { headers[$0] } }
}

extension JSONValue {
    var text: String { String(decoding: raw, as: UTF8.self) }
}

extension InMemoryJobStore {
    /// Takes every job of every partition.
    func claimAll() async throws -> [Claim] {
        var claims: [Claim] = []
        for partition in 0..<defaultConfiguration.partitions {
            let shares = defaultConfiguration.queues.map { QueueShare(queue: $0.name, jobs: 100) }
            let request = ClaimRequest(
                partition: partition, worker: "w", lease: .seconds(30), limit: 100, shares: shares)
            claims += try await claim(request).claims
        }
        return claims
    }

    func complete(_ claim: Claim, body: String = "{\"n\": 1e400}", attempts: [Attempt] = []) async throws {
        let result = JobResult(statusCode: 200, body: Array(body.utf8), endpoint: "eastus-ptu")
        let usage = TokenUsage(promptTokens: 3, completionTokens: 4, cachedTokens: 1)
        _ = try await settle(
            Settlement(claim: claim, verdict: .completed(result, usage), attempts: attempts, spent: 1, rounds: 0))
    }
}
