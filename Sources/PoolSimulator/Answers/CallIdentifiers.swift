/// The identifiers of one call: unlike those of any other call, and the same again for the same seed.
struct CallIdentifiers: Sendable {
    private static let digits = Array("0123456789abcdef".utf8)

    private let first: UInt64
    private let second: UInt64

    init(seed: UInt64, call: Int) {
        first = SeededGenerator.mix(seed ^ UInt64(truncatingIfNeeded: call) &* 0x9e37_79b9_7f4a_7c15)
        second = SeededGenerator.mix(first &+ UInt64(truncatingIfNeeded: call))
    }

    /// What follows `chatcmpl-`, `resp_` and the like.
    var object: String { String(decoding: Self.hex(first) + Self.hex(second), as: UTF8.self) }
    var apimRequestID: String { Self.uuid(first, second) }
    var requestID: String { Self.uuid(second, SeededGenerator.mix(second)) }

    private static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        let digits = hex(high) + hex(low)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, digit) in digits.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func hex(_ bits: UInt64) -> [UInt8] {
        (0..<16).map { digits[Int(bits >> (60 - 4 * UInt64($0)) & 15)] }
    }
}
