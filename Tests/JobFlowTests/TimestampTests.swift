import JobFlow
import Testing

@Suite struct TimestampTests {
    private let never = Timestamp(milliseconds: .max)
    private let always = Timestamp(milliseconds: .min)

    @Test(
        arguments: [
            (0, 0), (1.5, 1500), (1_700_000_000.123, 1_700_000_000_123), (-1.5, -1500), (0.0004, 0), (0.0005, 1),
            (1e300, .max), (-1e300, .min), (.infinity, .max), (-.infinity, .min), (.nan, 0),
            (9_223_372_036_854_775.8, .max),
        ] as [(Double, Int64)])
    func `seconds become whole milliseconds`(seconds: Double, milliseconds: Int64) {
        #expect(Timestamp(seconds: seconds).milliseconds == milliseconds)
    }

    @Test func `seconds of every millisecond of a day read back`() {
        let day = stride(from: Int64(1_700_000_000_000), to: 1_700_086_400_000, by: 997)
        #expect(day.allSatisfy { Timestamp(seconds: Timestamp(milliseconds: $0).seconds).milliseconds == $0 })
    }

    @Test func `durations are added and subtracted`() {
        let start = Timestamp(milliseconds: 1000)
        #expect(start + .seconds(2) == Timestamp(milliseconds: 3000))
        #expect(start + .milliseconds(-1500) == Timestamp(milliseconds: -500))
        #expect(start + .seconds(2) - start == .seconds(2))
        #expect(start - (start + .seconds(2)) == .seconds(-2))
        #expect(start < start + .milliseconds(1))
    }

    @Test func `the ends of time are not left`() {
        #expect(never + .seconds(1) == never)
        #expect(always + .seconds(-1) == always)
        #expect(never + .seconds(-1) < never)
        #expect(Timestamp(milliseconds: 1) + .seconds(Int64.max) == never)
        #expect(Timestamp(milliseconds: -1) + .seconds(Int64.min) == always)
        #expect(never - always == .milliseconds(Int64.max))
        #expect(always - never == .milliseconds(Int64.min))
        #expect(never - never == .zero)
    }

    @Test(
        arguments: [
            (.zero, 0), (.milliseconds(1), 1), (.microseconds(1999), 1), (.microseconds(-1999), -1),
            (.seconds(-2), -2000),
            (.nanoseconds(999_999), 0), (.milliseconds(Int64.max), .max), (.milliseconds(Int64.min), .min),
            (.milliseconds(Int64.max) + .milliseconds(1), .max), (.milliseconds(Int64.min) - .milliseconds(1), .min),
            (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
        ] as [(Duration, Int64)])
    func `a duration has whole milliseconds`(duration: Duration, milliseconds: Int64) {
        #expect(duration.wholeMilliseconds == milliseconds)
    }

    @Test func `a duration has seconds with a fraction`() {
        #expect(Duration.milliseconds(1500).inSeconds == 1.5)
        #expect(Duration.milliseconds(-250).inSeconds == -0.25)
        #expect(Duration.seconds(Int64.max).inSeconds == Double(Int64.max))
    }
}
