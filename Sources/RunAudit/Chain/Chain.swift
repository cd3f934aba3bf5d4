/// The end of a chain: its last seal, or how it begins.
package struct ChainHead: Sendable, Equatable {
    package var number: Int64
    package var lastID: Int64
    package var hash: ChainHash

    init(number: Int64, lastID: Int64, hash: ChainHash) {
        self.number = number
        self.lastID = lastID
        self.hash = hash
    }

    init(_ seal: Seal) { self.init(number: seal.number, lastID: seal.lastID, hash: seal.hash) }
}

/// Whose chain it is.
package struct Chain: Sendable, Equatable {
    /// Ids and numbers of the next origin begin so much later.
    static let span: Int64 = 1 << 40

    /// 0 is a log that is written here; those of a merged file begin at 1.
    var origin: Int64
    /// Random bytes, made with the file.
    var identity: [UInt8]
    /// The machine and the path where it was made.
    package var name: String
    /// Rows up to this id are older than the chain.
    package var unsealedTo: Int64
    /// Up to which id a merged file has taken rows; nil in a log that is written.
    var mergedTo: Int64?

    package var isMerged: Bool { origin > 0 }

    /// What is added to an id or a number where it is stored.
    var offset: Int64 { origin * Self.span }

    /// The highest id or number that belongs to it, where it is stored.
    var end: Int64 { isMerged ? offset + Self.span : .max }

    /// Differs from file to file, so that no seal of one fits into another.
    var start: ChainHead {
        var bytes = Array("sluice audit chain 1\n".utf8) + identity
        bytes.append(bigEndian: unsealedTo)
        return ChainHead(number: 0, lastID: unsealedTo, hash: ChainHash(of: bytes))
    }
}
