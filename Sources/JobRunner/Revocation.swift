import Cancellation
import Synchronization

/// Tells one running job that its claim is no longer its own. The call is closed at once, because its answer could not be
/// written any more.
final class Revocation: Sendable {
    enum Cause: String, Sendable {
        /// The lease ran out and somebody else may run the job.
        case leaseLost = "lease_lost"
        /// The job was cancelled.
        case cancelled
    }

    /// Closes the call that is under way.
    let cancellation = CallCancellation()
    private let state = Mutex<(cause: Cause?, isCalling: Bool)>((nil, true))
    private let leaseEnds: Mutex<Duration?>

    /// - Parameter leaseEnds: when the lease runs out, by `Uptime`, if it is not extended; nil for one that does not.
    init(leaseEnds: Duration? = nil) { self.leaseEnds = Mutex(leaseEnds) }

    var cause: Cause? { state.withLock { $0.cause } }

    /// The job calls no more: what is to be settled is certain. That settlement ends the claim in the queue, so a renewal that
    /// overtakes its answer finds no lease, and nothing is lost.
    ///
    /// - Returns: why the claim was lost before, if it was.
    func endCalls() -> Cause? {
        state.withLock { state in
            state.isCalling = false
            return state.cause
        }
    }

    /// False when it was revoked before, or there is nothing to lose any more.
    func revoke(_ cause: Cause) -> Bool {
        let isFirst = state.withLock { state in
            guard state.cause == nil, state.isCalling || cause == .cancelled else { return false }
            state.cause = cause
            return true
        }
        if isFirst { cancellation.cancel() }
        return isFirst
    }

    /// Whether a call may be begun: the claim was not lost, as far as this process can know. A process that was stopped for
    /// longer than its lease knows it by its own clock, before anybody has told it.
    func allowsCalls(at uptime: Duration) -> Bool {
        cause == nil && leaseEnds.withLock { $0.map { $0 > uptime } ?? true }
    }

    func extendLease(to end: Duration) { leaseEnds.withLock { $0 = end } }
}
