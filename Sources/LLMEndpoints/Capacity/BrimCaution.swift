import Glibc
import JobFlow

/// How far below its brim a bucket is kept, because the endpoint was fuller than believed: it reserves more for a call than
/// its request shows, or holds less than assumed. Costs nothing, for a bucket need not be full to flow off at its full rate;
/// but no more than a second of that, in case it is a shallow one. Forgotten by half in a minute, so that it follows the endpoint. A value.
struct BrimCaution: Sendable, Equatable {
    private static let halfLife = 60.0

    private var tokens = 0.0
    private var learntAt = Timestamp.distantPast

    func tokens(at now: Timestamp) -> Double {
        tokens == 0 ? 0 : tokens * exp2(-max(0, (now - learntAt).inSeconds) / Self.halfLife)
    }

    /// - Parameter error: tokens by which to be more careful.
    mutating func learn(_ error: Double, at now: Timestamp) {
        tokens = tokens(at: now) + error
        learntAt = max(learntAt, now)
    }
}
