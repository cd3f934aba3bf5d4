import Synchronization

/// Tells one running job that its claim is no longer its own: the lease ran out and somebody else may run it. The call is
/// closed at once, because its answer could not be written any more.
final class Revocation: Sendable {
    private let flag = Atomic(false)
    private let wakeup = Wakeup()

    var isRevoked: Bool { flag.load(ordering: .acquiring) }

    /// False when it was revoked before.
    func revoke() -> Bool {
        guard !flag.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        wakeup.raise()
        return true
    }

    /// Returns when it is revoked, or the task is cancelled.
    func wait() async { await wakeup.sleep() }
}
