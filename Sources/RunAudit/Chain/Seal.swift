import JobFlow

/// One link of a chain: the rows that one transaction added, and the hash of everything up to here. Numbers and ids are those
/// of the log where it was written.
struct Seal: Sendable, Equatable {
    /// The first of a chain is 1.
    var number: Int64
    var firstID: Int64
    /// One less than `firstID`, when it has amendments only.
    var lastID: Int64
    var sealedAt: Timestamp
    var amendments: Int
    /// Nil when its rows are gone by right.
    var content: [UInt8]?
    var hash: ChainHash

    var isAnchor: Bool { content == nil }

    init(
        number: Int64, firstID: Int64, lastID: Int64, sealedAt: Timestamp, amendments: Int, content: [UInt8]?,
        hash: ChainHash
    ) {
        self.number = number
        self.firstID = firstID
        self.lastID = lastID
        self.sealedAt = sealedAt
        self.amendments = amendments
        self.content = content
        self.hash = hash
    }

    /// The next one behind a head.
    init(_ run: SealDraft.Run, after head: ChainHead, at now: Timestamp) {
        let first = run.first ?? head.lastID + 1
        self.init(
            number: head.number + 1, firstID: first, lastID: first + run.rows - 1, sealedAt: now,
            amendments: run.amendments, content: run.content, hash: head.hash)
        hash = expectedHash(after: head.hash, run.content)
    }

    func expectedHash(after previous: ChainHash, _ content: [UInt8]) -> ChainHash {
        var bytes = previous.bytes
        bytes.reserveCapacity(bytes.count + 40 + content.count)
        for number in [number, firstID, lastID, sealedAt.milliseconds, Int64(content.count)] {
            bytes.append(bigEndian: number)
        }
        return ChainHash(of: bytes + content)
    }
}
