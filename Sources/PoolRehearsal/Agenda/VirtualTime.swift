package import JobFlow

/// Virtual time counts microseconds from the start. The pool's decisions know moments, so the start is one.
package enum VirtualTime {
    package static let start = Timestamp(milliseconds: 1_800_000_000_000)

    static func moment(_ time: Int64) -> Timestamp { Timestamp(milliseconds: start.milliseconds + time / 1000) }

    static func moment(ofMilliseconds time: Int64) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + time)
    }

    /// When so long has passed; never earlier, though moments have no fractions of a millisecond.
    static func time(_ wait: Duration, after now: Int64) -> Int64 {
        now + min(wait.wholeMilliseconds, 1 << 40) * 1000
    }
}
