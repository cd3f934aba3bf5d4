package import Logging
import Synchronization

/// The log level of the whole process, shared by all its handlers, so that it can be changed while they are in use.
package final class LogThreshold: Sendable {
    private let rank: Atomic<Int>

    package init(_ level: Logger.Level) { rank = Atomic(Self.rank(of: level)) }

    package var level: Logger.Level {
        get { Logger.Level.allCases[rank.load(ordering: .relaxed)] }
        set { rank.store(Self.rank(of: newValue), ordering: .relaxed) }
    }

    private static func rank(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
