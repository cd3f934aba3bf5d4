import Glibc

/// A moment in UTC as RFC 3339 with milliseconds: `2026-11-22T15:04:05.123Z`.
enum LogTime {
    /// Milliseconds since 1970.
    @Sendable static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    static func date(_ milliseconds: Int64) -> String {
        let (year, month, day) = civil(days: floorDivide(milliseconds, 86_400_000).quotient)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    static func clock(_ milliseconds: Int64) -> String {
        let ofDay = floorDivide(milliseconds, 86_400_000).remainder
        let (hour, minute) = (ofDay / 3_600_000, ofDay / 60_000 % 60)
        return "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(ofDay / 1000 % 60, 2)).\(padded(ofDay % 1000, 3))"
    }

    static func rfc3339(_ milliseconds: Int64) -> String { "\(date(milliseconds))T\(clock(milliseconds))Z" }

    /// Days since 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that the leap day is
    /// the last of its year; 146,097 days are 400 years.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        // As prefixes of a short literal they are made without an allocation.
        return digits.utf8.count >= width ? digits : String("0000".prefix(width - digits.utf8.count)) + digits
    }
}
