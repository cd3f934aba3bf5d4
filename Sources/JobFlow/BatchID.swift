/// Names jobs that came together: `batch_<18 characters>`, the first 18 of each job's ULID; the last 8 are the line that the
/// job came in. So a job tells its batch without another field, and a line that is sent again has the same job.
///
/// The first character tells how the batch came, and that there is one: in the name of any other job it is a `0`.
package struct BatchID: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: UInt64, Sendable {
        /// In one request.
        case once = 1
        /// In one request under an idempotency key: the rest of the name is a digest of it.
        case keyed = 2
        /// In a file.
        case file = 3
    }

    /// As in `JobID`; the last 40 bits of `low` are 0.
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low & ~Self.lineMask
    }

    package init(_ kind: Kind, createdAt: Timestamp, random: inout some RandomNumberGenerator) {
        let time = UInt64(max(0, createdAt.milliseconds)) & (1 << 45 - 1)
        self.init(
            high: kind.rawValue << 61 | time << 16 | UInt64(UInt16.random(in: .min ... .max, using: &random)),
            low: UInt64.random(in: .min ... .max, using: &random))
    }

    /// - Parameter digest: at least 16 bytes.
    package init(keyed digest: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0]
        for (index, byte) in digest.prefix(16).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.init(high: Kind.keyed.rawValue << 61 | words[0] >> 3, low: words[1])
    }

    /// Reads a name back; nil for anything that Sluice did not make.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("batch_"), let job = JobID("job_0_\(text.dropFirst(6))00000000"), let batch = job.batch
        else { return nil }
        self = batch
    }

    package var kind: Kind? { Kind(rawValue: high >> 61) }

    /// Not of one under a key.
    package var createdAt: Timestamp { Timestamp(milliseconds: Int64((high << 3) >> 19)) }

    package var description: String { "batch_\(name)" }

    /// The 18 characters.
    package var name: Substring { JobID(batch: self, line: 0, partition: 0).ulid.prefix(18) }

    /// Lines of one batch that have names of their own.
    static let lineMask: UInt64 = 1 << 40 - 1
}

extension JobID {
    /// The batch that it came in, if it did.
    package var batch: BatchID? { high >> 61 == 0 ? nil : BatchID(high: high, low: low) }

    /// The line of that batch, from 1 on.
    package var line: Int { Int(low & BatchID.lineMask) }
}
