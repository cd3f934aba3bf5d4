/// The name of a job: `job_<partition>_<26 characters>`, where the last part is a ULID (48 bits of milliseconds, 80 bits
/// of randomness, Crockford base 32 in lower case: https://github.com/ulid/spec).
///
/// The partition is part of the name, so that whoever holds an id knows the Redis slot of everything about the job.
package struct JobID: Hashable, Sendable, CustomStringConvertible {
    package let partition: Int
    package let ulid: String

    package var description: String { "job_\(partition)_\(ulid)" }

    package init(partition: Int, createdAt: Timestamp, random: inout some RandomNumberGenerator) {
        self.partition = partition
        self.ulid = Self.encode(
            milliseconds: UInt64(max(0, createdAt.milliseconds)),
            high: UInt16.random(in: .min ... .max, using: &random),
            low: UInt64.random(in: .min ... .max, using: &random))
    }

    /// Reads an id back; nil for anything that Sluice did not make.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "job", let partition = Self.partition(parts[1]) else { return nil }
        guard parts[2].utf8.count == 26, parts[2].utf8.allSatisfy({ Self.alphabet.contains($0) }) else { return nil }
        // 26 characters hold 130 bits, a ULID has 128.
        guard parts[2].utf8.first.map({ $0 <= UInt8(ascii: "7") }) == true else { return nil }
        self.partition = partition
        self.ulid = String(parts[2])
    }

    /// Partitions are written without leading zeros, so that one job has one spelling.
    private static func partition(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 5, let number = Int(text), number >= 0, String(number) == String(text) else {
            return nil
        }
        return number
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static func encode(milliseconds: UInt64, high: UInt16, low: UInt64) -> String {
        let top = milliseconds << 16 | UInt64(high)
        var bits = (top, low)
        var text = [UInt8](repeating: 0, count: 26)
        for index in text.indices.reversed() {
            text[index] = alphabet[Int(bits.1 & 31)]
            bits.1 = bits.1 >> 5 | bits.0 << 59
            bits.0 >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }
}
