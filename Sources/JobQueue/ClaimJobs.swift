import JobFlow
import Redis

/// `claim.lua`: its arguments and reply.
enum ClaimJobs {
    /// Steps of housekeeping of each kind in one visit: bounds how long Redis is held.
    static let housekeepingBound = 200
    /// Prompts in one reply: bounds memory here and there, and how long Redis is held.
    static let bytesBound = 8 << 20
    /// Lua counts in doubles.
    private static let maximum = 1 << 53
    private static let horizons = DeadlineHorizon.all.map { "\($0.wholeMilliseconds)" }.joined(separator: " ")

    static func arguments(_ request: ClaimRequest, _ configuration: QueueConfiguration) -> [RedisArgument] {
        var arguments: [RedisArgument] = [
            .string(request.worker), .integer(Int(request.lease.wholeMilliseconds)), .integer(request.limit),
            .integer(housekeepingBound), .integer(configuration.crashLimit), .integer(bytesBound),
            .integer(request.round), .string(request.server.description), .integer(request.urgent.jobs),
            .integer(Int(request.urgent.within.wholeMilliseconds)), .string(horizons),
            request.servesStale ? "1" : "",
        ]
        for share in request.shares {
            arguments += [
                .string(share.queue), .integer(share.jobs), .integer(min(share.most, maximum)),
                .integer(configuration.ttlMilliseconds(share.queue)),
            ]
        }
        return arguments
    }

    /// What a worker is told: nothing, where another server answers than it named.
    enum Reply: Sendable {
        case round(ClaimRound)
        case serverChanged
    }

    static func reply(_ reply: RedisReply, to request: ClaimRequest) -> Reply? {
        guard let parts = reply.array else { return nil }
        if parts.isEmpty { return .serverChanged }
        guard parts.count == 6, let claims = parts[0].array, let wait = parts[2].int else { return nil }
        var round = ClaimRound(
            claims: claims.compactMap { claim($0, request) }, hasMore: parts[1].int == 1,
            nextDueIn: wait < 0 ? nil : .milliseconds(wait),
            reclaimed: (parts[3].array ?? []).compactMap(reclaimed),
            ended: (parts[4].array ?? []).compactMap(ended))
        round.deadlines = (parts[5].array ?? []).compactMap(\.int)
        return .round(round)
    }

    private static func claim(_ reply: RedisReply, _ request: ClaimRequest) -> Claim? {
        guard let parts = reply.array, parts.count >= 8, let epoch = parts[1].int else { return nil }
        let payload = parts[5].bytes.flatMap(Payload.init)
        guard let id = parts[0].bytes.flatMap(JobID.init(utf8:)), let meta = parts[6].bytes ?? payload?.meta,
            let body = parts[7].bytes ?? payload?.body, let spec = JobSpec(id: id, meta: meta, body: Array(body))
        else { return nil }
        var claim = Claim(
            spec: spec, epoch: epoch, attempts: parts[2].int ?? 0, spent: parts[3].int ?? 0, rounds: parts[4].int ?? 0,
            worker: request.worker, server: request.server)
        if parts.count == 11 { claim.stored = StoredAnswer(text: parts[8], how: parts[9], age: parts[10]) }
        return claim
    }

    private static func reclaimed(_ reply: RedisReply) -> ReclaimedJob? {
        guard let parts = reply.array, parts.count == 3, let spec = spec(id: parts[0], meta: parts[1]),
            let row = parts[2].bytes, let attempt = (try? JSONObject(parsing: Array(row))).flatMap(Attempt.init)
        else { return nil }
        return ReclaimedJob(spec: spec, attempt: attempt)
    }

    private static func ended(_ reply: RedisReply) -> EndedJob? {
        guard let parts = reply.array, parts.count == 5, let spec = spec(id: parts[0], meta: parts[1]),
            let state = parts[3].string.flatMap(JobState.init), let text = parts[4].bytes,
            let error = (try? JSONObject(parsing: Array(text))).flatMap(JobError.init)
        else { return nil }
        return EndedJob(
            spec: spec, epoch: parts[2].int ?? 0, verdict: state == .expired ? .expired : .failed(error, answer: nil))
    }

    private static func spec(id: RedisReply, meta: RedisReply) -> JobSpec? {
        guard let id = id.bytes.flatMap(JobID.init(utf8:)), let meta = meta.bytes else { return nil }
        return JobSpec(id: id, meta: meta, body: [])
    }
}
