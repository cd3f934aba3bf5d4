import JobFlow
import Synchronization

/// The claims that this process holds, its slots, and when it last reached the queue. The one piece of state that the
/// claim loop, the jobs and the lease keeper share.
final class HeldClaims: Sendable {
    private struct State {
        var slots: RunnerSlots
        var claims: [JobID: Claim] = [:]
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(slots: RunnerSlots(limit: limit))) }

    var slots: RunnerSlots { state.withLock { $0.slots } }

    var claims: [Claim] { state.withLock { Array($0.claims.values) } }

    func take(_ claims: [Claim]) {
        state.withLock { state in
            state.slots.took(claims.count)
            for claim in claims { state.claims[claim.spec.id] = claim }
        }
    }

    /// A later claim of the same job by this process is left alone.
    func release(_ claim: Claim) {
        state.withLock { state in
            state.slots.released()
            if state.claims[claim.spec.id]?.epoch == claim.epoch { state.claims[claim.spec.id] = nil }
        }
    }

    func drain() { state.withLock { $0.slots.drain() } }
}
