/// What the intake needs to know of worker.json.
package struct IntakeConfiguration: Sendable {
    package var host: String
    /// 0 picks a free port.
    package var port: Int
    /// A larger request body is answered with 413.
    package var maximumBodyBytes: Int
    /// From the first byte of a request to its last; a slower client is answered with 408.
    package var requestTimeout: Duration
    /// A connection on which nothing is asked for so long is closed.
    package var idleTimeout: Duration
    /// Further connections wait in the listen backlog.
    package var maximumConnections: Int
    /// In the order of worker.json. A job that names none goes to `default`, or else to the first.
    package var queues: [IntakeQueue]
    /// Partitions of the queue; part of every job id.
    package var partitions: Int
    /// The models that the pool serves; nil when that is not known, and then any is taken.
    package var models: [String]?
    package var cache: CacheRules
    /// After so long without an answer, the intake calls itself not ready.
    package var readinessTimeout: Duration
    /// How many promised jobs may wait for the queue; then new ones are refused.
    package var spoolMaxJobs: Int
    /// Who may ask for anything; empty: whoever reaches the server.
    package var keys: [IntakeKey]
    /// A poll that is held back while the queue cannot tell of its job asks again so often.
    package var outagePause: Duration
    /// What webhooks may be asked for; nil: none are sent.
    package var webhooks: WebhookTerms?
    /// So long is a job waited for whose client keeps its connection open for the answer.
    package var waitLimit: Duration

    package init(
        host: String = "127.0.0.1", port: Int = 8080, maximumBodyBytes: Int = 1_048_576,
        requestTimeout: Duration = .seconds(30), idleTimeout: Duration = .seconds(75), maximumConnections: Int = 10_000,
        queues: [IntakeQueue], partitions: Int = 1, models: [String]? = nil, cache: CacheRules = CacheRules(),
        readinessTimeout: Duration = .seconds(1), spoolMaxJobs: Int = 100_000,
        outagePause: Duration = .milliseconds(500), waitLimit: Duration = .seconds(600), keys: [IntakeKey] = [],
        webhooks: WebhookTerms? = nil
    ) {
        self.host = host
        self.port = port
        self.maximumBodyBytes = maximumBodyBytes
        self.requestTimeout = requestTimeout
        self.idleTimeout = idleTimeout
        self.maximumConnections = maximumConnections
        self.queues = queues
        self.partitions = partitions
        self.models = models
        self.cache = cache
        self.readinessTimeout = readinessTimeout
        self.spoolMaxJobs = spoolMaxJobs
        self.outagePause = outagePause
        self.waitLimit = waitLimit
        self.keys = keys
        self.webhooks = webhooks
    }
}

extension IntakeConfiguration {
    /// How many jobs of a caller may be there that have not ended, where no request says by which of its keys: by the one that
    /// allows most.
    func maxQueued(of caller: String) -> Int? {
        keys.filter { $0.caller.name == caller }.compactMap(\.caller.limits.maxQueued).max()
    }
}

/// A queue of worker.json, with what its jobs get when they do not say.
package struct IntakeQueue: Sendable, Equatable {
    package var name: String
    package var maxAttempts: Int
    package var deadline: Duration?
    /// How long an ended job can be read back.
    package var resultTTL: Duration
    /// Answers that are not fresh any more may serve its jobs while no endpoint can be called.
    package var servesStale: Bool

    package init(
        name: String, maxAttempts: Int, deadline: Duration? = nil, resultTTL: Duration = .seconds(86_400),
        servesStale: Bool = false
    ) {
        self.name = name
        self.maxAttempts = maxAttempts
        self.deadline = deadline
        self.resultTTL = resultTTL
        self.servesStale = servesStale
    }
}

/// What a job gets that does not say how its answer may be reused.
package struct CacheRules: Sendable, Equatable {
    package var isOn: Bool
    /// An answer is fresh for so long.
    package var ttl: Duration
    /// For so long after that it is kept for those who take it while no endpoint can be called.
    package var stale: Duration

    package init(isOn: Bool = true, ttl: Duration = .seconds(300), stale: Duration = .seconds(3600)) {
        self.isOn = isOn
        self.ttl = ttl
        self.stale = stale
    }
}
