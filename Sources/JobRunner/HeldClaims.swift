import JobFlow
import Synchronization

/// The claims that this process holds, and its slots: what the claim loop, the jobs and the lease keeper share.
final class HeldClaims: Sendable {
    private struct Held {
        var claim: Claim
        var revocation: Revocation
    }

    let slots: SlotLine
    private let held = Mutex<[JobID: Held]>([:])

    init(limit: Int) { slots = SlotLine(limit: limit) }

    var claims: [Claim] { held.withLock { $0.values.map(\.claim) } }

    /// - Parameter leaseEnds: counted from before the claims were asked for.
    func take(_ claims: [Claim], leaseEnds: Duration? = nil) {
        slots.took(claims.count)
        held.withLock { held in
            for claim in claims {
                // Our own lease ran out and it came back to us: the earlier run of it is no longer wanted.
                _ = held[claim.spec.id]?.revocation.revoke(.leaseLost)
                held[claim.spec.id] = Held(claim: claim, revocation: Revocation(leaseEnds: leaseEnds))
            }
        }
    }

    func claims(in partition: Int) -> [Claim] { claims.filter { $0.spec.id.partition == partition } }

    /// What tells the run of this job, if this process holds it, that its claim was lost.
    func holding(of id: JobID) -> (claim: Claim, revocation: Revocation)? {
        held.withLock { $0[id].map { ($0.claim, $0.revocation) } }
    }

    func holds(_ claim: Claim) -> Bool { held.withLock { $0[claim.spec.id]?.claim.epoch == claim.epoch } }

    /// What tells the job that this claim was lost.
    func revocation(of claim: Claim) -> Revocation {
        held.withLock { held in
            guard let own = held[claim.spec.id], own.claim.epoch == claim.epoch else { return Revocation() }
            return own.revocation
        }
    }

    /// A later claim of the same job by this process is left alone. Returns whether this may have made room.
    func release(_ claim: Claim) -> Bool {
        held.withLock { held in
            if held[claim.spec.id]?.claim.epoch == claim.epoch { held[claim.spec.id] = nil }
        }
        return slots.released()
    }
}
