import Foundation

/// How a connection waits while another process writes. Sleeps are short, because a commit takes far less than a
/// millisecond or two: SQLite's own steps of up to 100 ms would leave the disk idle between two writers.
///
///     tries     0…19   20…
///     sleep     1 ms   5 ms      up to 10 s in all
enum BusyWait {
    static let limit = Duration.seconds(10)

    /// Milliseconds to sleep before the next try; nil when the wait is over.
    static func pause(afterTries tries: Int) -> Int? {
        let slept = tries < 20 ? tries : 20 + (tries - 20) * 5
        guard slept < limit.components.seconds * 1000 else { return nil }
        return tries < 20 ? 1 : 5
    }

    /// SQLite's busy handler. Runs on the writer's or a reader's own thread, never on the cooperative pool.
    @Sendable static func sleep(_ tries: Int) -> Bool {
        guard let pause = pause(afterTries: tries) else { return false }
        Thread.sleep(forTimeInterval: Double(pause) / 1000)
        return true
    }
}
