import Crypto

/// 32 bytes of SHA-256: what a chain comes to at one of its seals. Written as 64 hexadecimal digits.
package struct ChainHash: Sendable, Hashable, CustomStringConvertible {
    let bytes: [UInt8]

    init(stored bytes: [UInt8]) { self.bytes = bytes }

    init(of bytes: [UInt8]) { self.bytes = Array(SHA256.hash(data: bytes)) }

    /// Nil unless it is 64 hexadecimal digits.
    package init?(hex: String) {
        let digits = hex.utf8.compactMap { UInt8(exactly: Character(UnicodeScalar($0)).hexDigitValue ?? 256) }
        guard hex.utf8.count == 64, digits.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    package var description: String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// SHA-256 of a row of the ledger: of all its columns but the id, which its seal names.
struct RowDigest: Sendable, Equatable {
    static let size = SHA256.byteCount

    let bytes: [UInt8]

    init(_ values: StatementValues) { bytes = Array(SHA256.hash(data: values.canonicalBytes)) }

    init(stored bytes: [UInt8]) { self.bytes = bytes }
}

extension [UInt8] {
    mutating func append(bigEndian number: Int64) {
        unsafe Swift.withUnsafeBytes(of: number.bigEndian) { bytes in unsafe append(contentsOf: bytes) }
    }
}
