import HTTPTypes
import JobFlow

/// The correlation id: the client's own `x-request-id` if it is fit for a log line, else a new one.
enum RequestID {
    static func of(_ headers: HTTPFields) -> String {
        var random = BulkRandom()
        return of(headers, random: &random)
    }

    static func of(_ headers: HTTPFields, random: inout some RandomNumberGenerator) -> String {
        if let own = headers[.requestID], isFit(own) { return own }
        return made(of: random.next(), random.next())
    }

    /// 1 to 128 visible ASCII characters.
    private static func isFit(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    private static func made(of high: UInt64, _ low: UInt64) -> String {
        var text = Array("req_".utf8)
        text.reserveCapacity(36)
        for number in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                text.append(digits[Int(truncatingIfNeeded: number >> UInt64(shift) & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
