import ArgumentParser
import Foundation
import JobFlow
import JobIntake

/// Moments as users write and read them.
enum TimeText {
    /// An RFC 3339 time, or how long ago: `90s`, `30m`, `24h`, `7d`.
    static func parse(_ text: String) throws -> Timestamp {
        if let moment = Timestamp(rfc3339: text) { return moment }
        guard let seconds = span(text) else {
            throw ValidationError("a time such as 2030-01-31T12:00:00Z, or a span such as 24h or 7d, was expected")
        }
        return Timestamp(seconds: (Date.now.timeIntervalSince1970 - seconds).rounded())
    }

    static func show(_ moment: Timestamp) -> String {
        Date(timeIntervalSince1970: moment.seconds).formatted(.iso8601)
    }

    /// How long: `90s`, `30m`, `24h`, `7d`.
    static func duration(_ text: String) throws -> Duration {
        guard let seconds = span(text) else {
            throw ValidationError("a span such as 24h or 90d was expected")
        }
        return .seconds(seconds)
    }

    private static func span(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = text.last, let unit = units[last], let count = UInt32(text.dropLast()) else { return nil }
        return Double(count) * unit
    }
}
