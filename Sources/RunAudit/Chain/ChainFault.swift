/// What a chain shows that is not as it was written.
package struct ChainFault: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The row is another one than was sealed.
        case changed
        /// The row is in no seal.
        case inserted
        /// The row was sealed and is not there.
        case missing
        /// The seal does not follow from the one before, or from its own content.
        case brokenSeal = "broken_seal"
        /// Seals are not there.
        case missingSeals = "missing_seals"
        /// Rows were given ids behind the last seal, and neither they nor their seals are there.
        case cutOff = "cut_off"
        /// A seal has lost its content though seals before it are there.
        case emptiedSeal = "emptied_seal"
        /// A head that was written down earlier is not in the chain.
        case unknownHead = "unknown_head"
    }

    package var kind: Kind
    /// Rows of `attempts`, as they are numbered in this file.
    package var rows: ClosedRange<Int64>?
    package var job: String?
    /// The number of the attempt in its job's ledger.
    package var attempt: Int64?
    package var seals: ClosedRange<Int64>?
    package var head: ChainHash?

    init(
        _ kind: Kind, rows: ClosedRange<Int64>? = nil, of row: SealedRow? = nil, seals: ClosedRange<Int64>? = nil,
        head: ChainHash? = nil
    ) {
        self.kind = kind
        self.rows = rows
        self.job = row?.job
        self.attempt = row?.number
        self.seals = seals
        self.head = head
    }
}

extension ChainFault: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .changed: "\(rowText) was changed"
        case .inserted: "\(rowText) is in no seal: it was inserted by hand, or by a release that does not seal"
        case .missing: "\(rowText) missing"
        case .brokenSeal:
            "\(sealText) was changed: its hash does not fit\(rows.map { "; it covers \(Self.text($0))" } ?? "")"
        case .missingSeals: "\(sealText) missing\(rows.map { ", and what tells of \(Self.text($0))" } ?? "")"
        case .cutOff: "\(rowText) missing at the end, with their seals"
        case .emptiedSeal: "\(sealText) has lost its content, though earlier seals are there"
        case .unknownHead:
            "no seal has the hash \(head.map { "\($0)" } ?? "-"): the chain was rewritten, or pruned past it"
        }
    }

    private var rowText: String {
        let rows = rows.map(Self.text) ?? "a row"
        guard let job, let attempt else { return rows }
        return "\(rows) (job \(job), attempt \(attempt))"
    }

    private var sealText: String {
        guard let seals else { return "a seal" }
        return seals.count == 1 ? "seal \(seals.lowerBound)" : "seals \(seals.lowerBound) to \(seals.upperBound)"
    }

    private static func text(_ rows: ClosedRange<Int64>) -> String {
        rows.lowerBound == rows.upperBound ? "row \(rows.lowerBound)" : "rows \(rows.lowerBound) to \(rows.upperBound)"
    }
}
