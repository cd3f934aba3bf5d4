/// A moment, in whole milliseconds since 1970-01-01 UTC. One unit everywhere: Redis, SQLite and the wire.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// From Unix seconds, as clients read and write them. What does not fit is clamped; NaN becomes 1970.
    package init(seconds: Double) {
        let milliseconds = (seconds * 1000).rounded()
        self.milliseconds = Int64(exactly: milliseconds) ?? (milliseconds > 0 ? .max : milliseconds < 0 ? .min : 0)
    }

    /// Unix seconds with a fraction, the form of the HTTP API.
    package var seconds: Double { Double(milliseconds) / 1000 }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// Clamped: `.max` stands for never, and may be added to.
    package static func + (t: Timestamp, d: Duration) -> Timestamp {
        let (sum, overflow) = t.milliseconds.addingReportingOverflow(d.wholeMilliseconds)
        return Timestamp(milliseconds: overflow ? (t.milliseconds < 0 ? .min : .max) : sum)
    }

    package static func - (a: Timestamp, b: Timestamp) -> Duration {
        let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        return .milliseconds(overflow ? (a < b ? .min : .max) : difference)
    }
}

extension Duration {
    /// Milliseconds without their fraction, clamped to the range of `Int64`.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return isTooLong || overflow ? (seconds < 0 ? .min : .max) : sum
    }

    /// Seconds with a fraction.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

/// Where the wall clock comes in: production passes the system's, a test its own.
package typealias WallClock = @Sendable () -> Timestamp
