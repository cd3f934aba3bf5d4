import JobFlow
import Logging
import Metrics

/// What a checked request becomes, whatever route it came by: a job of its own, or the one that it made before.
struct AdmitJob: Sendable {
    enum Outcome: Sendable {
        case accepted(JobSpec)
        case known(JobRecord)

        var spec: JobSpec {
            switch self {
            case .accepted(let spec): spec
            case .known(let record): record.spec
            }
        }
    }

    let now: WallClock
    private let acceptance: AcceptJob
    private let find: FindJob
    private let partitions: Int
    private let buckets: CallerBuckets
    private let submitted: [String: Counter]
    private let logger: Logger

    init(
        _ acceptance: AcceptJob, _ find: FindJob, _ configuration: IntakeConfiguration, _ buckets: CallerBuckets,
        now: @escaping WallClock, _ metrics: IntakeMetrics, _ logger: Logger
    ) {
        self.acceptance = acceptance
        self.find = find
        partitions = configuration.partitions
        self.buckets = buckets
        self.now = now
        self.logger = logger
        submitted = metrics.submitted(configuration.queues)
    }

    /// - Parameters:
    ///   - time: when the request was read; its deadline was counted from then.
    ///   - isAwaited: whether its client waits for the answer.
    func admit(_ job: JobRequest, at time: Timestamp, isAwaited: Bool = false, _ request: IntakeRequest)
        async throws(IntakeProblem) -> Outcome
    {
        // About as an endpoint would estimate it: four bytes a token.
        try buckets.admitTokens(job.body.count / 4, request.caller, at: CallerBuckets.uptime)
        var random = BulkRandom()
        var spec = job.spec(createdAt: time, correlationID: request.id, partitions: partitions, random: &random)
        spec.callerLimit = request.caller.limits.maxQueued
        spec.trace = request.trace?.context(of: spec.id) ?? TraceContext(request.headers)
        switch try await acceptance.accept(spec, isAwaited: isAwaited) {
        case .accepted:
            request.trace?.found(spec.id)
            report(spec)
            return .accepted(spec)
        case .known(let id):
            request.trace?.found(id)
            guard let record = try await find.record(id, request) else { throw .idempotencyKeyUsed }
            return .known(record)
        }
    }

    private func report(_ spec: JobSpec) {
        submitted[spec.queue]?.increment()
        logger.debug(
            "job accepted",
            metadata: [
                "job.id": "\(spec.id)", "queue": "\(spec.queue)", "correlation.id": "\(spec.correlationID)",
            ])
    }
}
