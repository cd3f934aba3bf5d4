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

    func take(_ claims: [Claim]) {
        state.withLock { state in
            state.slots.took(claims.count)
            for claim in claims {
                // Our own lease ran out and it came back to us: the earlier run of it is no longer wanted.
                _ = state.held[claim.spec.id]?.revocation.revoke()
                state.held[claim.spec.id] = Held(claim: claim, revocation: Revocation())
            }
        }
    }

    /// What tells the job that this claim was lost.
    func revocation(of claim: Claim) -> Revocation {
        state.withLock { state in
            guard let held = state.held[claim.spec.id], held.claim.epoch == claim.epoch else { return Revocation() }
            return held.revocation
        }
    }

    /// A later claim of the same job by this process is left alone.
    func release(_ claim: Claim) {
        state.withLock { state in
            state.slots.released()
            if state.held[claim.spec.id]?.claim.epoch == claim.epoch { state.held[claim.spec.id] = nil }
        }
    }

    func drain() { state.withLock { $0.slots.drain() } }
}
