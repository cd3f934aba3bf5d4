import JobFlow
import Redis

/// `renew.lua`: its arguments and reply.
enum RenewLeases {
    static func arguments(_ claims: [Claim], lease: Duration) -> [RedisArgument] {
        [.integer(Int(lease.wholeMilliseconds))]
            + claims.flatMap { claim -> [RedisArgument] in
                [
                    .string(claim.spec.id.description), .integer(claim.epoch), .string(claim.worker),
                    .string(claim.server.description),
                ]
            }
    }

    /// Nil if the reply has another shape.
    static func lost(_ reply: RedisReply) -> [JobID]? {
        reply.array.map { $0.compactMap(\.bytes).compactMap(JobID.init(utf8:)) }
    }
}
