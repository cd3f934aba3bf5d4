import JobFlow
import Redis

/// `claim.lua`: its arguments and reply.
enum ClaimJobs {
    /// Steps of housekeeping of each kind in one visit: bounds how long Redis is held.
    static let housekeepingBound = 200
    /// Prompts in one reply: bounds memory here and there, and how long Redis is held.
    static let bytesBound = 8 << 20

    static func arguments(_ request: ClaimRequest, _ configuration: QueueConfiguration) -> [RedisArgument] {
        var arguments: [RedisArgument] = [
            .string(request.worker), .integer(Int(request.lease.wholeMilliseconds)), .integer(request.limit),
            .integer(housekeepingBound), .integer(configuration.crashLimit), .integer(bytesBound),
        ]
        for share in request.shares {
            arguments += [
                .string(share.queue), .integer(share.jobs), .integer(configuration.ttlMilliseconds(share.queue)),
            ]
        }
        return arguments
    }

    static func round(_ reply: RedisReply) -> ClaimRound? {
        guard let parts = reply.array, parts.count == 5, let claims = parts[0].array, let wait = parts[2].int else {
            return nil
        }
        return ClaimRound(
            claims: claims.compactMap(claim), hasMore: parts[1].int == 1,
            nextDueIn: wait < 0 ? nil : .milliseconds(wait), reclaimed: parts[3].int ?? 0,
            ended: (parts[4].array ?? []).compactMap(ended))
    }

    private static func claim(_ reply: RedisReply) -> Claim? {
        guard let parts = reply.array, parts.count == 7, let id = parts[0].string.flatMap(JobID.init),
            let epoch = parts[1].int, let meta = parts[5].bytes, let body = parts[6].bytes,
            let spec = JobSpec(id: id, meta: Array(meta), body: Array(body))
        else { return nil }
        return Claim(
            spec: spec, epoch: epoch, attempts: parts[2].int ?? 0, spent: parts[3].int ?? 0, rounds: parts[4].int ?? 0)
    }

    private static func ended(_ reply: RedisReply) -> EndedJob? {
        guard let parts = reply.array, parts.count == 3, let id = parts[0].string.flatMap(JobID.init),
            let queue = parts[1].string, let state = parts[2].string.flatMap(JobState.init)
        else { return nil }
        return EndedJob(id: id, queue: queue, state: state)
    }
}
