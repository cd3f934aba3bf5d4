import JobFlow
import Synchronization

/// The claims that this process holds, and its slots. The one piece of state that the claim loop, the jobs and the lease
/// keeper share.
final class HeldClaims: Sendable {
    private struct Held {
        var claim: Claim
        var revocation: Revocation
    }

    private struct State {
        var slots: RunnerSlots
        var held: [JobID: Held] = [:]
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(slots: RunnerSlots(limit: limit))) }

    var slots: RunnerSlots { state.withLock { $0.slots } }

    var claims: [Claim] { state.withLock { $0.held.values.map(\.claim) } }

    /// - Parameter leaseEnds: counted from before the claims were asked for.
    func take(_ claims: [Claim], leaseEnds: Duration? = nil) {
        state.withLock { state in
            state.slots.took(claims.count)
            for claim in claims {
                // Our own lease ran out and it came back to us: the earlier run of it is no longer wanted.
                _ = state.held[claim.spec.id]?.revocation.revoke(.leaseLost)
                state.held[claim.spec.id] = Held(claim: claim, revocation: Revocation(leaseEnds: leaseEnds))
            }
        }
    }

    func claims(in partition: Int) -> [Claim] { claims.filter { $0.spec.id.partition == partition } }

    /// What tells the run of this job, if this process holds it, that its claim was lost.
    func holding(of id: JobID) -> (claim: Claim, revocation: Revocation)? {
        state.withLock { $0.held[id].map { ($0.claim, $0.revocation) } }
    }

    /// What tells the job that this claim was lost.
    func revocation(of claim: Claim) -> Revocation {
        state.withLock { state in
            guard let held = state.held[claim.spec.id], held.claim.epoch == claim.epoch else { return Revocation() }
            return held.revocation
        }
    }

    /// What became of the claim is decided, and has to be written.
    func called() { state.withLock { $0.slots.called() } }

    /// A later claim of the same job by this process is left alone. Returns whether only this made room.
    func release(_ claim: Claim) -> Bool {
        state.withLock { state in
            let wasFull = state.slots.held >= state.slots.limit * 2
            state.slots.released()
            if state.held[claim.spec.id]?.claim.epoch == claim.epoch { state.held[claim.spec.id] = nil }
            return wasFull
        }
    }

    func drain() { state.withLock { $0.slots.drain() } }
}
