import GRDB

/// Reads the next seals of a chain, and their rows, in one snapshot of the file.
struct ChainPage {
    private let db: Database
    private let chain: Chain

    init(_ db: Database, _ chain: Chain) {
        self.db = db
        self.chain = chain
    }

    /// Returns whether that was the end of the chain.
    func show(to verifier: inout ChainVerifier, atMost limit: Int) throws -> Bool {
        if verifier.position == chain.start { try showWhatIsOlder(to: &verifier) }
        for seal in try seals("amendments > 0 AND seq > ?", after: verifier.amendedTo) { verifier.learn(seal) }
        let first = try first()
        let seals = try seals("seq > ?", after: verifier.position.number, limit: limit)
        for seal in seals {
            verifier.begin(seal, isFirst: seal.number == first)
            try show(after: verifier.position.lastID, to: seal.lastID, to: &verifier)
            verifier.end(seal)
        }
        if seals.count == limit { return false }
        try finish(&verifier)
        return true
    }

    /// Rows from before the chain; and those with ids that no row ever had.
    private func showWhatIsOlder(to verifier: inout ChainVerifier) throws {
        if !chain.isMerged { try show(after: .min, to: 0, to: &verifier) }
        verifier.countUnsealed(try count("id > ? AND id <= ?", [chain.offset, chain.unsealedTo + chain.offset]))
    }

    private func finish(_ verifier: inout ChainVerifier) throws {
        let head = verifier.position.lastID
        let behind = try count("id > ? AND id <= ?", [head + chain.offset, chain.end])
        try show(after: head, to: .max, to: &verifier)
        let last = "SELECT seq FROM sqlite_sequence WHERE name = 'attempts'"
        verifier.finish(last: try chain.mergedTo ?? Int64.fetchOne(db, sql: last) ?? 0, unsealed: behind)
    }

    /// Rows whose ids lie above the first and up to the last.
    private func show(after first: Int64, to last: Int64, to verifier: inout ChainVerifier) throws {
        let bounds = [first == .min ? first : first + chain.offset, last == .max ? chain.end : last + chain.offset]
        let rows = try Row.fetchCursor(
            db, sql: AttemptRow.selectSealed + " WHERE id > ? AND id <= ? ORDER BY id",
            arguments: StatementArguments(bounds))
        while let row = try rows.next() {
            verifier.row(row[0] - chain.offset, AttemptRow.sealed(row))
        }
    }

    private func seals(_ condition: String, after number: Int64, limit: Int = -1) throws -> [Seal] {
        let sql = "\(SealRow.select) WHERE \(condition) AND seq <= ? ORDER BY seq LIMIT ?"
        return try Row.fetchAll(db, sql: sql, arguments: [number + chain.offset, chain.end, limit])
            .map { try SealRow.decode($0, offset: chain.offset) }
    }

    private func first() throws -> Int64? {
        let sql = "SELECT min(seq) FROM seals WHERE seq > ? AND seq <= ?"
        return try Int64.fetchOne(db, sql: sql, arguments: [chain.offset, chain.end]).map { $0 - chain.offset }
    }

    private func count(_ condition: String, _ arguments: [Int64]) throws -> Int64 {
        let sql = "SELECT count(*) FROM attempts WHERE \(condition)"
        return try Int64.fetchOne(db, sql: sql, arguments: StatementArguments(arguments)) ?? 0
    }
}
