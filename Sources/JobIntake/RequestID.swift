import HTTPTypes

/// The correlation id: the client's own `x-request-id` if it is fit for a log line, else a new one.
enum RequestID {
    static func of(_ headers: HTTPFields) -> String {
        var random = SystemRandomNumberGenerator()
        return of(headers, random: &random)
    }

    static func of(_ headers: HTTPFields, random: inout some RandomNumberGenerator) -> String {
        if let own = headers[.requestID], isFit(own) { return own }
        return "req_" + hexadecimal(random.next(), random.next())
    }

    /// 1 to 128 visible ASCII characters.
    private static func isFit(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    private static func hexadecimal(_ high: UInt64, _ low: UInt64) -> String {
        let digits = [high, low].flatMap { number in
            stride(from: 60, through: 0, by: -4).map { Self.digits[Int(number >> UInt64($0) & 15)] }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
