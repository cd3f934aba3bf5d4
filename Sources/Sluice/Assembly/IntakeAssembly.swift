import FleetBoard
import JobFlow
import JobIntake
import JobQueue
import JobRecovery
import Logging
import Metrics
import RunAudit
import ServiceLifecycle
import Settings
import Telemetry

/// The intake process.
struct IntakeAssembly {
    let settings: Settings
    let observability: Observability
    /// Where the settings are from.
    let file: String
    /// Reads the settings again, with the secrets as they are now.
    let load: @Sendable () async throws -> Settings

    func run(alongside more: [any Service] = []) async throws {
        let logger = observability.logger
        guard !settings.keys.isEmpty || settings.intake.listen.isLoopback else {
            throw PlainError(
                "intake.listen: others can reach \(settings.intake.listen.host), and there are no keys; name some in keys"
                    + " (sluice key makes them), or listen on 127.0.0.1")
        }
        let queue = try QueueAssembly(settings, patience: .seconds(3), logger: logger)
        let registry = observability.registry
        let journal =
            try settings.intake.journal ? AuditLog(configuration: AuditConfiguration(settings), logger: logger) : nil
        defer { journal?.close() }
        let spool = Spool()
        Gauge(label: "sluice_spool_max_jobs").record(settings.intake.spoolMaxJobs)
        let traces = try IntakeTraces(settings, logger: logger)
        defer { traces?.close() }
        let board = RedisPoolBoard(client: queue.client, logger: logger)
        let pool = PoolWatch(
            board: board,
            endpoints: settings.pool.endpoints.map(IntakeEndpoint.init))
        let server = IntakeServer(
            configuration: IntakeConfiguration(settings), store: queue.store, control: queue.store, log: queue.store,
            batches: queue.store, files: try FileBatches(settings), outbox: queue.store, journal: journal, spool: spool,
            pool: pool, tracer: traces?.tracer, now: SystemTime.now,
            metrics: { registry.render() },
            readiness: { await Self.reasons(queue.store) }, logger: logger)
        let reload = SettingsReload(
            file: file, current: Live(settings), load: load,
            apply: { new in
                pool.endpoints = new.pool.endpoints.map(IntakeEndpoint.init)
                server.reconfigure(IntakeConfiguration(new))
                observability.reconfigure(new)
            }, logger: logger)
        let intake = IntakeService(server: server, host: settings.intake.listen.host, logger: logger)
        let census = CensusWatch(store: queue.store, outbox: queue.store)
        let usage = TokenWatch(
            settings.pool.tokenThresholds.map(TokenThreshold.init), board: board, logger: logger)
        try await ProcessServices(
            support: (traces.map { [$0.exporter] } ?? []) + queue.services(logger: logger) + [reload]
                + (try await recovery(queue.store, journal, spool)),
            main: [census, pool, usage, FileBatchService(server: server), intake] + more, logger: logger
        ).run()
    }

    /// What the journal of the last run still owes the queue counts before the first new job does.
    private func recovery(_ store: RedisJobStore, _ journal: AuditLog?, _ spool: Spool) async throws -> [any Service] {
        guard let journal else { return [] }
        let recovery = IntakeRecovery(
            Recovery(
                store: store, journal: journal, member: settings.journalName("intake"), logger: observability.logger),
            spool: spool, lease: settings.worker.lease, partitions: settings.redis.partitions)
        try await recovery.count()
        return [recovery]
    }

    private static func reasons(_ store: RedisJobStore) async -> [String] {
        do throws(StoreError) {
            return try await store.serverFaults()
        } catch {
            return ["redis cannot be reached"]
        }
    }
}

extension IntakeConfiguration {
    init(_ settings: Settings) {
        let endpoints = settings.pool.endpoints
        let servesAll = endpoints.isEmpty || endpoints.contains { $0.model == nil }
        self.init(
            host: settings.intake.listen.host, port: settings.intake.listen.port,
            maximumBodyBytes: settings.intake.maxBodyBytes, requestTimeout: settings.intake.requestTimeout,
            idleTimeout: settings.intake.idleTimeout, maximumConnections: settings.intake.maxConnections,
            queues: settings.queues.map {
                IntakeQueue(
                    name: $0.name, maxAttempts: $0.maxAttempts ?? settings.retry.maxAttempts, deadline: $0.deadline,
                    resultTTL: $0.resultTTL ?? settings.results.ttl, servesStale: $0.stale)
            },
            partitions: settings.redis.partitions,
            models: servesAll
                ? nil : Array(Set(endpoints.flatMap { [$0.model, $0.deployment].compactMap(\.self) })).sorted(),
            cache: CacheRules(
                isOn: settings.cache.enabled, ttl: settings.cache.ttl, stale: settings.cache.stale),
            spoolMaxJobs: settings.intake.spoolMaxJobs, waitLimit: settings.intake.waitLimit,
            keys: settings.keys.compactMap(IntakeKey.init), webhooks: WebhookTerms(settings.webhooks))
    }
}

extension IntakeKey {
    init?(_ key: KeySettings) {
        guard let digest = key.hash.flatMap({ Self.digest(of: $0.exposed) }) else { return nil }
        self.init(
            caller: Caller(
                name: key.caller ?? key.name, scopes: Set(key.scopeWords.compactMap(Caller.Scope.init)),
                limits: CallerLimits(
                    requestsPerSecond: key.requestsPerSecond, tokensPerMinute: key.tokensPerMinute,
                    maxQueued: key.maxQueued)),
            digest: digest)
    }
}

extension FileBatches {
    init(_ settings: Settings) throws(PlainError) {
        do {
            try self.init(
                folder: settings.intake.files,
                limits: FileLimits(
                    fileBytes: settings.intake.maxFileBytes, files: settings.intake.maxFiles,
                    bytes: settings.intake.maxStoredBytes))
        } catch { throw PlainError("intake.files: \(settings.intake.files) cannot be used (\(error))") }
    }
}

/// Runs the batches in files until graceful shutdown; the next process goes on with them.
struct FileBatchService: Service {
    let server: IntakeServer

    func run() async throws { await cancelWhenGracefulShutdown { await server.runBatches() } }
}

/// Tells the log where the intake listens, under the words that scripts look for.
struct IntakeService: Service {
    let server: IntakeServer
    let host: String
    let logger: Logger

    func run() async throws {
        try await server.run { port in
            logger.notice("listening", metadata: ["address": "\(host):\(port)"])
        }
    }
}
