import Synchronization

/// Whether the claim loop rests for want of room. Where it does not, the queue had nothing more to take, and will tell of what
/// is new: a slot that becomes free is no reason to look.
final class WantOfRoom: Sendable {
    private let flag = Atomic(true)

    var isThere: Bool {
        get { flag.load(ordering: .sequentiallyConsistent) }
        set { flag.store(newValue, ordering: .sequentiallyConsistent) }
    }
}
