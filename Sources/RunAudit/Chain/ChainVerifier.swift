/// Goes along a chain: a pure machine. It is shown a seal, then the rows that lie up to its end, in the order of their ids,
/// and so on; ids are those of the log where they were written.
struct ChainVerifier: Sendable {
    private(set) var report: ChainReport
    private let chain: Chain
    private var head: ChainHead
    /// Whether `head` is what the next seal has to follow.
    private var isLinked = true
    /// Rows that were renumbered, as their last amendment has them.
    private var amended: [Int64: SealedRow] = [:]
    private(set) var amendedTo: Int64 = 0
    /// What the seal has of the rows that are awaited.
    private var expected: ArraySlice<SealedRow> = []
    private var nextExpected: Int64 = 0
    private var lacking: Set<ChainHash>

    init(_ chain: Chain, heads: Set<ChainHash> = []) {
        self.chain = chain
        head = chain.start
        report = ChainReport(chain)
        lacking = heads
        see(head.hash)
    }

    /// Of the heads that were written down earlier, those that were not met.
    var missingHeads: Set<ChainHash> { lacking }

    /// The seal that is awaited, and the row behind the last one.
    var position: ChainHead { head }

    /// Amendments are known before the rows they are about.
    mutating func learn(_ seal: Seal) {
        amendedTo = seal.number
        for case .amendment(let id, let row) in seal.content.flatMap(SealContent.items) ?? [] { amended[id] = row }
    }

    /// - Parameter isFirst: no seal before it is in the file.
    mutating func begin(_ seal: Seal, isFirst: Bool) {
        let isNext = seal.number == head.number + 1
        if !isNext, !(seal.isAnchor && (isFirst || chain.isMerged)) {
            lacks(seals: head.number + 1...seal.number - 1, before: seal.firstID)
        }
        guard let content = seal.content else { return pass(seal, isFirst: isFirst) }
        let fits = !(isNext && isLinked) || seal.expectedHash(after: head.hash, content) == seal.hash
        let items = SealContent.items(content)
        if !fits || items == nil { add(.init(.brokenSeal, rows: range(seal), seals: seal.number...seal.number)) }
        if fits { see(seal.hash) }
        expected = (items ?? []).compactMap { if case .row(let row) = $0 { row } else { nil } }[...]
        nextExpected = seal.firstID
        isLinked = true
    }

    /// The rows of an anchor are gone, and its hash is taken for what it says.
    private mutating func pass(_ seal: Seal, isFirst: Bool) {
        if !isFirst, !chain.isMerged { add(.init(.emptiedSeal, seals: seal.number...seal.number)) }
        report.prunedTo = .init(seal: seal.number, row: stored(seal.lastID), sealedAt: seal.sealedAt)
        see(seal.hash)
        expected = []
        isLinked = true
    }

    mutating func row(_ id: Int64, _ row: SealedRow) {
        while let missing = expected.first, nextExpected < id { miss(missing) }
        guard let sealed = expected.first, nextExpected == id else {
            return add(.init(.inserted, rows: stored(id)...stored(id), of: row))
        }
        let wanted = amended[id] ?? sealed
        if wanted == row {
            report.intactRows += 1
        } else {
            add(.init(.changed, rows: stored(id)...stored(id), of: wanted))
        }
        advance()
    }

    /// The last row up to the end of the seal was shown.
    mutating func end(_ seal: Seal) {
        while let missing = expected.first { miss(missing) }
        head = ChainHead(seal)
        report.head = head
        report.seals += 1
    }

    /// Nothing is sealed behind the head.
    ///
    /// - Parameters:
    ///   - last: the highest id that was ever given to a row.
    ///   - unsealed: rows that are there behind the head; each was shown.
    mutating func finish(last: Int64, unsealed: Int64) {
        // Where rows were inserted, what ids were given says nothing.
        if last > head.lastID, unsealed == 0 {
            add(.init(.cutOff, rows: stored(head.lastID + 1)...stored(last)))
        }
    }

    mutating func countUnsealed(_ rows: Int64) { report.unsealedRows += rows }

    private mutating func miss(_ row: SealedRow) {
        add(.init(.missing, rows: stored(nextExpected)...stored(nextExpected), of: amended[nextExpected] ?? row))
        advance()
    }

    private mutating func advance() {
        expected.removeFirst()
        nextExpected += 1
    }

    private mutating func lacks(seals: ClosedRange<Int64>, before first: Int64) {
        let rows = head.lastID + 1 < first ? stored(head.lastID + 1)...stored(first - 1) : nil
        add(.init(.missingSeals, rows: rows, seals: seals))
        isLinked = false
    }

    private mutating func see(_ hash: ChainHash) { lacking.remove(hash) }

    private mutating func add(_ fault: ChainFault) { report.add(fault) }

    private func stored(_ id: Int64) -> Int64 { id + chain.offset }

    private func range(_ seal: Seal) -> ClosedRange<Int64>? {
        seal.firstID <= seal.lastID ? stored(seal.firstID)...stored(seal.lastID) : nil
    }
}
