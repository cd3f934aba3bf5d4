import Curl
import FleetBoard
import Foundation
import JobFlow
import JobQueue
import JobRecovery
import JobRunner
import LLMEndpoints
import Logging
import RunAudit
import ServiceLifecycle
import Settings

/// One worker process.
struct WorkerAssembly {
    let settings: Settings
    let observability: Observability
    /// Where the settings are from.
    let file: String
    /// Reads the settings again, with the secrets as they are now.
    let load: @Sendable () async throws -> Settings

    /// Order of stopping, the reverse of the array: the runner drains and settles first, then webhooks stop, Redis goes last,
    /// because until then there is something to settle; then the journal is closed.
    func run(alongside more: [any Service] = []) async throws {
        let logger = observability.logger
        guard !settings.pool.endpoints.isEmpty else {
            throw PlainError("pool.endpoints: a worker needs at least one endpoint")
        }
        let queue = try QueueAssembly(settings, patience: .seconds(10), logger: logger)
        let audit = try AuditLog(configuration: AuditConfiguration(settings), logger: logger)
        let curl = try CurlClient()
        let pool = EndpointPool(
            configuration: PoolConfiguration(settings), curl: curl, now: SystemTime.now, logger: logger)
        let credentials = EndpointCredentials(
            load: { try? await load() }, tokens: CloudAccess(curl).tokens, logger: logger)
        let live = Live(settings)
        let refresh = CredentialRefresh(credentials: credentials, pool: pool, settings: live)
        let configuration = RunnerConfiguration(settings)
        let exchange = PoolExchange(
            pool: pool, board: RedisPoolBoard(client: queue.client, logger: logger), process: configuration.worker,
            reload: credentials.reread, logger: logger)
        let recovery = WorkerRecovery(
            Recovery(store: queue.store, journal: audit, member: settings.journalName("worker"), logger: logger),
            lease: settings.worker.lease, partitions: settings.redis.partitions)
        let traces = TraceAssembly(settings, curl, worker: configuration.worker, logger: logger)
        let runner = JobRunner(
            configuration: configuration, store: queue.store, control: queue.store, recovery: recovery,
            completer: pool, audit: audit, log: queue.store, tracer: traces?.tracer, now: SystemTime.now, logger: logger
        )
        let reload = SettingsReload(
            file: file, current: live, load: load,
            apply: { new in
                pool.reconfigure(PoolConfiguration(new))
                configuration.rules.current = RunnerRules(new)
                observability.reconfigure(new)
                traces?.reconfigure(new)
                await refresh.renewTokens(new)
            }, logger: logger)
        let operations = WorkerOperations(
            listen: settings.worker.listen, lease: settings.worker.lease, liveness: runner.liveness,
            registry: observability.registry, logger: logger)
        let webhooks = try WebhookAssembly(settings, store: queue.store, logger: logger)
        defer {
            webhooks?.curl.shutdown()
            curl.shutdown()
            audit.close()
        }
        await refresh.renewTokens(settings)
        try await ProcessServices(
            support: [SecondSignal(hurry: runner.hurry)] + (traces.map { [$0.exporter] } ?? [])
                + queue.services(logger: logger) + [exchange, refresh, reload, recovery]
                + (webhooks.map { [$0.service] } ?? []),
            main: [operations, runner] + more, logger: logger
        ).run()
    }
}

extension RunnerConfiguration {
    init(_ settings: Settings) {
        let host = ProcessInfo.processInfo.hostName
        self.init(
            worker: "\(host)-\(ProcessInfo.processInfo.processIdentifier)-\(UInt16.random(in: .min ... .max))",
            partitions: settings.redis.partitions,
            queues: RunnerRules(settings).queues, concurrency: settings.worker.concurrency,
            lease: settings.worker.lease, drain: settings.worker.drain, schedule: RunnerRules(settings).schedule)
    }
}

extension RunnerRules {
    init(_ settings: Settings) {
        self.init(
            queues: settings.queues.map { QueueWeight($0) },
            schedule: RetrySchedule(
                base: settings.retry.baseDelay, maximum: settings.retry.maxDelay, jitter: settings.retry.jitter))
    }
}

extension QueueWeight {
    init(_ queue: QueueSettings) {
        let spill: SpillChoice =
            switch queue.spill {
            case .never: .never
            case .deadline: .atDeadline
            case .immediate: .immediate
            }
        self.init(queue: queue.name, weight: queue.weight, spill: spill, region: queue.region)
    }
}

extension Settings {
    /// Names this machine's journal in the fleet. All processes of a kind that share the file speak for it.
    func journalName(_ role: String) -> String {
        "\(role) \(ProcessInfo.processInfo.hostName):\(URL(fileURLWithPath: audit.path).path)"
    }
}

extension AuditConfiguration {
    init(_ settings: Settings) {
        self.init(
            path: settings.audit.path, synchronous: Synchronous(rawValue: settings.audit.synchronous.rawValue) ?? .full,
            retention: settings.audit.retention, answersRetention: settings.results.ttl)
    }
}
