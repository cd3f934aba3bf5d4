import Crypto

/// What a file is known by: a changed one is another.
package struct InputIdentity: Sendable, Equatable {
    /// SHA-256, in hexadecimal digits.
    package var digest: String
    package var bytes: Int

    package init(digest: String, bytes: Int) { (self.digest, self.bytes) = (digest, bytes) }
}

/// Reads a file through, a piece at a time, before anything of it is sent. A value.
package struct InputScan: Sendable {
    private var hash = SHA256()
    private var bytes = 0
    private var line = 1
    private var isBlank = true
    /// The lines that will be jobs: those that are not blank.
    package private(set) var jobs = LineSet()

    package init() {}

    package mutating func feed(_ piece: [UInt8]) {
        hash.update(data: piece)
        if bytes == 0, piece.starts(with: [0xef, 0xbb, 0xbf]) { see(piece[3...]) } else { see(piece[...]) }
        bytes += piece.count
    }

    private mutating func see(_ piece: ArraySlice<UInt8>) {
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if !isBlank || !piece[start..<end].isBlank { jobs.insert(line) }
            (line, isBlank, start) = (line + 1, true, end + 1)
        }
        isBlank = isBlank && piece[start...].isBlank
    }

    package mutating func end() -> InputIdentity {
        if !isBlank { jobs.insert(line) }
        let digits = Array("0123456789abcdef".utf8)
        let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return InputIdentity(digest: String(decoding: text, as: UTF8.self), bytes: bytes)
    }
}
