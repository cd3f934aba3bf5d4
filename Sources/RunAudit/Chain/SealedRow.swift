/// What a seal says of one row of the ledger: whose it is, so that a row that is gone can still be named, and its digest.
struct SealedRow: Sendable, Equatable {
    var job: String
    var number: Int64
    var digest: RowDigest
}

/// The content of a seal, in both directions: rows, whose ids follow each other, and rows of earlier seals as they are now.
/// Of each a tag (1 row, 2 amendment); of an amendment its id; the length of the job's name, the name, the attempt's number,
/// and the digest. Numbers are eight bytes, the highest first.
enum SealContent {
    private static let row: UInt8 = 1
    private static let amendment: UInt8 = 2

    enum Item: Equatable {
        case row(SealedRow)
        case amendment(Int64, SealedRow)
    }

    static func append(_ item: Item, to content: inout [UInt8]) {
        switch item {
        case .row(let sealed):
            content.append(row)
            append(sealed, to: &content)
        case .amendment(let id, let sealed):
            content.append(amendment)
            content.append(bigEndian: id)
            append(sealed, to: &content)
        }
    }

    private static func append(_ sealed: SealedRow, to content: inout [UInt8]) {
        content.append(bigEndian: Int64(sealed.job.utf8.count))
        content.append(contentsOf: sealed.job.utf8)
        content.append(bigEndian: sealed.number)
        content.append(contentsOf: sealed.digest.bytes)
    }

    /// Nil when it is something that `append` did not write.
    static func items(_ content: [UInt8]) -> [Item]? {
        var rest = content[...]
        var items: [Item] = []
        while let tag = rest.popFirst() {
            switch tag {
            case row:
                guard let sealed = sealed(&rest) else { return nil }
                items.append(.row(sealed))
            case amendment:
                guard let id = number(&rest), let sealed = sealed(&rest) else { return nil }
                items.append(.amendment(id, sealed))
            default: return nil
            }
        }
        return items
    }

    private static func sealed(_ rest: inout ArraySlice<UInt8>) -> SealedRow? {
        guard let length = number(&rest), let job = bytes(Int(truncatingIfNeeded: length), &rest),
            let number = number(&rest), let digest = bytes(RowDigest.size, &rest)
        else { return nil }
        return SealedRow(
            job: String(decoding: job, as: UTF8.self), number: number, digest: RowDigest(stored: Array(digest)))
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        bytes(8, &rest).map { $0.reduce(0) { $0 << 8 | Int64($1) } }
    }

    private static func bytes(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
