package import JobFlow
import Synchronization

/// How near a deadline has to be for a job to go first, and to cost extra if nothing else is open.
///
/// A call has to fit in; and where more jobs are due within some time than the pool bears in it, all of those are near: what
/// is too much spills over that time, and not at its end.
package enum SpillPlan {
    private static let shortest = Duration.seconds(3)
    /// A backlog that takes more of the pool than this is too much.
    private static let share = 0.9
    /// An endpoint that is ill is expected back by then.
    private static let recovery = Duration.seconds(60)

    /// - Parameters:
    ///   - due: how many jobs of one partition are due within each of `DeadlineHorizon.all`.
    ///   - partitions: that share the rate.
    package static func horizon(due: [Int], rate: JobRate?, partitions: Int, callTime: Duration) -> Duration {
        need(due: due, rate: rate, partitions: partitions, callTime: callTime).horizon
    }

    package static func need(due: [Int], rate: JobRate?, partitions: Int, callTime: Duration) -> SpillNeed {
        let least = max(shortest, callTime * 3 + .seconds(1))
        var need = SpillNeed(horizon: least, least: least)
        guard let rate else { return need }
        for (time, jobs) in zip(DeadlineHorizon.all, due) {
            let borne = (time <= recovery ? rate.now : rate.whole) / Double(partitions) * time.inSeconds * share
            guard Double(jobs) > borne else { continue }
            need.horizon = max(need.horizon, time)
            need.pace = max(need.pace, (Double(jobs) - borne) / time.inSeconds)
        }
        return need
    }
}

package struct SpillNeed: Sendable, Equatable {
    /// A deadline is near that is not further away.
    package var horizon: Duration
    /// So near, a job goes at once.
    package var least: Duration
    /// Jobs a second, of those that are near, which are more than the pool bears.
    package var pace = 0.0
}

/// The horizon as the last claim round left it, by partition; read by every job that is called.
final class SpillHorizon: Sendable {
    private let horizons: Mutex<[Duration]>

    init(partitions: Int) { horizons = Mutex(Array(repeating: .zero, count: partitions)) }

    subscript(partition: Int) -> Duration {
        get { horizons.withLock { partition < $0.count ? $0[partition] : .zero } }
        set { horizons.withLock { $0[partition] = newValue } }
    }
}
