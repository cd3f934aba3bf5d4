import JobFlow
import Redis

/// `submit.lua`: its arguments and replies.
enum SubmitJobs {
    struct Submission: Sendable {
        var spec: JobSpec
        var client: Client
    }

    /// What the client of a job does meanwhile.
    enum Client: String, Sendable {
        case asks = ""
        /// It has its promise already.
        case holds
        /// This process hears of the end.
        case waits
    }

    static func arguments(_ jobs: [Submission], _ configuration: QueueConfiguration) -> [RedisArgument] {
        jobs.flatMap { submission -> [RedisArgument] in
            let job = submission.spec
            return [
                .string(job.id.description), .string(job.queue), .bytes(Payload.text(job)),
                job.deadline.map { .string(String($0.milliseconds)) } ?? "",
            ] + idempotency(job.idempotency, configuration) + [
                configuration.maximumLength(job.queue).map(RedisArgument.integer) ?? "",
                .string(submission.client.rawValue), .string(job.webhook?.description ?? ""),
            ] + payer(job, configuration)
        }
    }

    private static func payer(_ job: JobSpec, _ configuration: QueueConfiguration) -> [RedisArgument] {
        guard let limit = job.callerLimit else { return ["", ""] }
        return [.string(job.caller), .integer(configuration.share(of: limit))]
    }

    private static func idempotency(
        _ idempotency: Idempotency?, _ configuration: QueueConfiguration
    ) -> [RedisArgument] {
        guard let idempotency else { return ["", "", 0, ""] }
        let keep = idempotency.source == .key ? configuration.idempotencyTTL : configuration.resendTTL
        return [
            .string(idempotency.key), .string(idempotency.content), .integer(Int(keep.wholeMilliseconds)),
            .string(idempotency.source.rawValue),
        ]
    }

    /// About the bytes that a job brings to a script call.
    static func size(_ submission: Submission) -> Int { size(submission.spec) }

    static func size(_ spec: JobSpec) -> Int { spec.body.count + (spec.metadata?.count ?? 0) + 512 }

    /// Nil if the reply has another shape.
    static func outcomes(_ reply: RedisReply) -> [SubmitOutcome]? {
        guard let replies = reply.array else { return nil }
        let outcomes = replies.compactMap(outcome)
        return outcomes.count == replies.count ? outcomes : nil
    }

    private static func outcome(_ reply: RedisReply) -> SubmitOutcome? {
        guard let parts = reply.array, let word = parts.first?.string else { return nil }
        let id = parts.count > 1 ? parts[1].bytes.flatMap(JobID.init(utf8:)) : nil
        switch (word, id) {
        case ("accepted", _): return .accepted
        case ("duplicate", let id?): return .duplicate(of: id)
        case ("conflict", let id?): return .conflict(with: id)
        case ("aliased", let id?): return .aliased(to: id)
        case ("full", _): return .full
        case ("caller_full", _): return .callerFull
        default: return nil
        }
    }
}
