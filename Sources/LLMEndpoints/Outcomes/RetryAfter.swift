import Curl
import JobFlow

/// How long an upstream asks us to wait: `retry-after-ms` before `retry-after` (seconds, or an HTTP date: RFC 9110, 10.2.3)
/// before the reset headers of Azure's standard deployments. Never longer than a gate believes.
enum RetryAfter {
    static func wait(_ headers: CurlHeaders, now: Timestamp) -> Duration? {
        asked(headers, now).map { min($0, EndpointGate.longestThrottle) }
    }

    private static func asked(_ headers: CurlHeaders, _ now: Timestamp) -> Duration? {
        milliseconds(headers["retry-after-ms"]) ?? seconds(headers["retry-after"])
            ?? HTTPDate(headers["retry-after"]).map { max(.zero, $0.moment - now) }
            ?? seconds(headers["x-ratelimit-reset-tokens"]) ?? seconds(headers["x-rate-limit-reset-tokens"])
            ?? seconds(headers["x-ratelimit-reset-requests"])
    }

    private static func milliseconds(_ text: String?) -> Duration? {
        text.flatMap(Double.init).flatMap { finite($0 / 1000) }
    }

    private static func seconds(_ text: String?) -> Duration? {
        guard let text else { return nil }
        return Double(text.hasSuffix("s") ? String(text.dropLast()) : text).flatMap(finite)
    }

    private static func finite(_ seconds: Double) -> Duration? {
        seconds >= 0 && seconds < 1e9 ? .milliseconds(Int64((seconds * 1000).rounded(.up))) : nil
    }
}

/// The preferred form of a date in HTTP, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
struct HTTPDate {
    let moment: Timestamp

    init?(_ text: String?) {
        let parts = (text ?? "").split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), 1...31 ~= day, let year = Int(parts[3]),
            1970...9999 ~= year, let month = Self.months.firstIndex(of: String(parts[2])),
            let clock = Self.clock(parts[4])
        else { return nil }
        let days = Self.daysSince1970(year: year, month: month + 1, day: day)
        moment = Timestamp(milliseconds: Int64(((days * 24 + clock[0]) * 60 + clock[1]) * 60 + clock[2]) * 1000)
    }

    /// Hours, minutes, seconds; 60 is a leap second.
    private static func clock(_ text: Substring) -> [Int]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard parts.count == 3, 0..<24 ~= parts[0], 0..<60 ~= parts[1], 0...60 ~= parts[2] else { return nil }
        return parts
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The civil calendar in closed form (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
