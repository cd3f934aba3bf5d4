import HTTPTypes
import JobFlow
import Logging

/// Every route of the intake, as docs/openapi.yaml lists them.
struct IntakeRoutes {
    let configuration: IntakeConfiguration
    let store: any JobStore
    let control: any JobControl
    let log: any JobEvents
    let batches: (any JobBatches)?
    let files: FileBatches?
    let outbox: (any WebhookOutbox)?
    let journal: (any JobJournal)?
    let spool: Spool
    let pool: PoolWatch?
    let buckets: CallerBuckets
    let tracer: IntakeTracer?
    let now: WallClock
    let instruments: IntakeMetrics
    let logger: Logger

    func all(
        metrics: @escaping @Sendable () -> String, readiness: @escaping @Sendable () async -> [String]
    ) -> [Route] {
        jobs() + openAI() + jobBatches() + fileRoutes() + fileBatchRoutes() + queues() + endpoints() + webhooks()
            + console()
            + operation(metrics: metrics, readiness: readiness)
    }

    func jobs() -> [Route] {
        let submit = SubmitJob(admission: admission, configuration: configuration)
        let read = ReadJob(find: find, end: end, pool: pool)
        let list = ListJobs(control: self.control, queues: configuration.queues, logger: logger)
        let control = ControlJob(steer: steer)
        let follow = FollowJob(find: find, log: log, pause: configuration.outagePause)
        return [
            Route(.post, "/v1/jobs", instruments, scope: .submit, submit.respond).submittingWork,
            Route(.get, "/v1/jobs", instruments, scope: .read, list.respond),
            Route(.get, "/v1/jobs/{id}", instruments, scope: .read, read.job),
            Route(.delete, "/v1/jobs/{id}", instruments, scope: .submit, control.delete),
            Route(.get, "/v1/jobs/{id}/attempts", instruments, scope: .read, read.attempts),
            Route(.get, "/v1/jobs/{id}/request", instruments, scope: .read, read.request),
            Route(.get, "/v1/jobs/{id}/events", instruments, scope: .read, follow.respond),
            Route(.post, "/v1/jobs/{id}/cancel", instruments, scope: .submit, control.cancel),
            Route(.post, "/v1/jobs/{id}/retry", instruments, scope: .submit, control.retry),
        ]
    }

    func queues() -> [Route] {
        let queues = QueueRoutes(store: store, control: control, queues: configuration.queues, logger: logger)
        return [
            Route(.get, "/v1/queues", instruments, scope: .admin, queues.list),
            Route(.post, "/v1/queues/{queue}/pause", instruments, scope: .admin, queues.pause),
            Route(.post, "/v1/queues/{queue}/resume", instruments, scope: .admin, queues.resume),
        ]
    }

    func webhooks() -> [Route] {
        guard let outbox else { return [] }
        let webhooks = WebhookRoutes(outbox: outbox, logger: logger)
        return [
            Route(.get, "/v1/webhooks/dead", instruments, scope: .admin, webhooks.list),
            Route(.post, "/v1/webhooks/dead/{id}/retry", instruments, scope: .admin, webhooks.retry),
            Route(.delete, "/v1/webhooks/dead/{id}", instruments, scope: .admin, webhooks.delete),
        ]
    }

    func endpoints() -> [Route] {
        guard let pool else { return [] }
        let endpoints = EndpointRoutes(pool: pool, logger: logger)
        return [
            Route(.get, "/v1/endpoints", instruments, scope: .admin, endpoints.list),
            Route(.post, "/v1/endpoints/{name}/drain", instruments, scope: .admin, endpoints.drain),
            Route(.post, "/v1/endpoints/{name}/undrain", instruments, scope: .admin, endpoints.undrain),
            Route(.get, "/v1/usage", instruments, scope: .admin, UsageRoute(board: pool.board, logger: logger).respond),
        ]
    }

    func console() -> [Route] {
        let console = ConsoleRoutes()
        return [
            Route(.get, "/console", instruments, scope: nil) { console.page($0) },
            Route(.get, "/console/{file}", instruments, scope: nil, console.part),
        ]
    }

    func operation(metrics: @escaping @Sendable () -> String, readiness: @escaping @Sendable () async -> [String])
        -> [Route]
    {
        let (hasJournal, spool, limit) = (journal != nil, spool, configuration.spoolMaxJobs)
        let health = HealthRoutes(
            readiness: readiness, timeout: configuration.readinessTimeout,
            canSpool: { hasJournal && spool.count < limit })
        let scrape = MetricsRoute(text: metrics)
        return [
            Route(.get, "/health", instruments, scope: nil) { _ in await health.health() },
            Route(.get, "/readyz", instruments, scope: nil) { _ in await health.ready() },
            Route(.get, "/livez", instruments, scope: nil) { _ in health.alive() },
            Route(.get, "/metrics", instruments, scope: nil) { _ in scrape.respond() },
        ]
    }

    var find: FindJob {
        FindJob(store: store, journal: journal, queues: configuration.queues, now: now, logger: logger)
    }

    var end: AwaitEnd { AwaitEnd(find: find, pause: configuration.outagePause) }

    var steer: SteerJob {
        SteerJob(control: control, find: find, journal: journal, cancellation: cancellation, logger: logger)
    }

    var cancellation: NoteCancellation {
        NoteCancellation(
            journal: journal, tracer: tracer, queues: configuration.queues, metrics: instruments, logger: logger)
    }

    var admission: AdmitJob { AdmitJob(acceptance, find, configuration, buckets, now: now, instruments, logger) }

    var acceptance: AcceptJob {
        AcceptJob(
            store: store, journal: journal, spool: spool, spoolLimit: configuration.spoolMaxJobs, logger: logger)
    }
}
