import Hummingbird
import HummingbirdTesting
import JobFlow
import Logging
import Metrics
import NIOCore
import Synchronization
import TestKit

@testable import JobIntake

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
    control: (any JobControl)? = nil, log: (any JobEvents)? = nil, journal: (any JobJournal)? = nil,
    spool: Spool = Spool(), pool: PoolWatch? = nil, tracer: IntakeTracer? = nil,
    readiness: @escaping @Sendable () async -> [String] = { [] }, logger: Logger = silent,
    instruments: IntakeMetrics = IntakeMetrics()
) -> IntakeServer {
    IntakeServer(
        configuration: configuration, store: store, control: control ?? store as? any JobControl ?? makeStore(),
        log: log ?? store as? any JobEvents ?? makeStore(), batches: store as? any JobBatches ?? makeStore(),
        outbox: store as? any WebhookOutbox ?? makeStore(), journal: journal, spool: spool, pool: pool, tracer: tracer,
        now: { noon },
        metrics: { "# TYPE up gauge\nup 1\n" },
        readiness: readiness,
        logger: logger, instruments: instruments)
}

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func makeStore() -> InMemoryJobStore { InMemoryJobStore(now: { noon }) }

func makeJournal() -> InMemoryJournal { InMemoryJournal(now: { noon }) }

/// Sends requests to the routes without a socket between.
func withRoutes<Value: Sendable>(
    _ configuration: IntakeConfiguration = defaultConfiguration, store: any JobStore = makeStore(),
    control: (any JobControl)? = nil, log: (any JobEvents)? = nil, journal: (any JobJournal)? = nil,
    spool: Spool = Spool(), pool: PoolWatch? = nil, tracer: IntakeTracer? = nil,
    readiness: @escaping @Sendable () async -> [String] = { [] }, logger: Logger = silent,
    instruments: IntakeMetrics = IntakeMetrics(),
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
) async throws -> Value {
    let server = makeServer(
        configuration, store: store, control: control, log: log, journal: journal, spool: spool, pool: pool,
        tracer: tracer,
        readiness: readiness,
        logger: logger, instruments: instruments)
    return try await server.application().test(.router) { try await body($0) }
}

extension TestClientProtocol {
    func submit(_ body: String, headers: HTTPFields = [.contentType: "application/json"]) async throws -> TestResponse {
        try await executeRequest(uri: "/v1/jobs", method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .get, headers: headers, body: nil)
    }

    func post(_ uri: String, headers: HTTPFields = [:], body: String? = nil) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .post, headers: headers, body: body.map(ByteBuffer.init(string:)))
    }

    func delete(_ uri: String) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .delete, headers: [:], body: nil)
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

extension InMemoryJournal {
    /// What the queue is not known to have, in the order of acceptance.
    var waiting: [JobSpec] {
        get async { (try? await spooled(after: JournalMark(), limit: 100).elements) ?? [] }
    }

    /// Every job that is not known to have ended.
    var jobs: [JobID] {
        get async {
            let queued = try? await underway(after: JournalMark(), limit: 100).elements
            return (queued ?? []) + (await waiting.map(\.id))
        }
    }

    var notedEnds: [Settlement] {
        get async {
            (try? await confirmed(since: Timestamp(milliseconds: 0), before: JournalMark(.max), limit: 100).elements)
                ?? []
        }
    }
}

extension InMemoryJobStore {
    /// Takes every job of every partition.
    func claimAll() async throws -> [Claim] {
        var claims: [Claim] = []
        for partition in 0..<defaultConfiguration.partitions {
            let shares = defaultConfiguration.queues.map { QueueShare(queue: $0.name, jobs: 100) }
            let request = ClaimRequest(
                partition: partition, worker: "w", lease: .seconds(30), limit: 100, round: nextRound(),
                server: try await server(partition).identity, shares: shares)
            claims += try await claim(request).claims
        }
        return claims
    }

    func fail(_ claim: Claim, code: String = "content_filter") async throws {
        let error = JobError(code: code, message: "refused", type: "invalid_request_error")
        _ = try await settle(
            Settlement(claim: claim, verdict: .failed(error, answer: nil), attempts: [], spent: 1, rounds: 0))
    }

    func complete(_ claim: Claim, body: String = "{\"n\": 1e400}", attempts: [Attempt] = []) async throws {
        let result = JobResult(statusCode: 200, body: Array(body.utf8), endpoint: "eastus-ptu")
        let usage = TokenUsage(promptTokens: 3, completionTokens: 4, cachedTokens: 1)
        _ = try await settle(
            Settlement(claim: claim, verdict: .completed(result, usage), attempts: attempts, spent: 1, rounds: 0))
    }
}

/// Every claim is a round of its own: one that is asked for again brings the same jobs.
private let rounds = Mutex(0)

private func nextRound() -> Int {
    rounds.withLock { round in
        round += 1
        return round
    }
}

extension JobRequest {
    init(
        parsing bytes: [UInt8], keys: [String] = [], sdkRetries: Int? = nil, caller: String = "",
        _ configuration: IntakeConfiguration, now: Timestamp
    ) throws(IntakeProblem) {
        try self.init(
            parsing: bytes[...], keys: keys, sdkRetries: sdkRetries, caller: caller, configuration, now: now)
    }
}
