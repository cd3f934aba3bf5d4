import GRDB
import JobFlow

/// Deletes what has passed its time from the ledger, the oldest first, and leaves a chain that can be verified: of the seals
/// that go the last one stays, without content, for the next one is linked to its hash.
struct ChainPruning: Sendable {
    /// Seals that are looked at in one step.
    static let sealsAtOnce = 512

    struct Step: Sendable, Equatable {
        var rows = 0
        /// Whether nothing more has passed its time.
        var isLast = true

        static func += (a: inout Step, b: Step) {
            a.rows += b.rows
            a.isLast = a.isLast && b.isLast
        }
    }

    let now: Timestamp
    let before: Timestamp
    /// Rows of one step, about: a seal is not split.
    let limit: Int

    init(at now: Timestamp, olderThan age: Duration, limit: Int) {
        self.now = now
        before = Timestamp(milliseconds: now.milliseconds - age.wholeMilliseconds)
        self.limit = limit
    }

    /// One step on one chain, inside a transaction.
    func run(_ db: Database, _ chain: Chain) throws -> Step {
        let older = try pruneOlder(db, chain)
        guard older < limit else { return Step(rows: older, isLast: false) }
        let candidates = try candidates(db, chain)
        guard let last = PrunedPrefix.last(of: candidates, before: before, now: now, limit: limit - older) else {
            return Step(rows: older)
        }
        let rows = try cut(db, chain, at: last)
        let isLast = last.number == candidates.last?.number && candidates.count < Self.sealsAtOnce
        return Step(rows: older + rows, isLast: isLast)
    }

    /// Rows from before the chain, by when their attempt started.
    private func pruneOlder(_ db: Database, _ chain: Chain) throws -> Int {
        guard chain.unsealedTo > 0 else { return 0 }
        try db.execute(
            sql: """
                DELETE FROM attempts WHERE id IN (
                    SELECT id FROM attempts INDEXED BY attempts_by_start
                    WHERE started_at_ms < ? AND id > ? AND id <= ? ORDER BY started_at_ms LIMIT ?
                )
                """,
            arguments: [before.milliseconds, chain.offset, chain.unsealedTo + chain.offset, limit])
        return db.changesCount
    }

    private func candidates(_ db: Database, _ chain: Chain) throws -> [PrunedPrefix.Candidate] {
        let sql = """
            SELECT seq, first_id, last_id, sealed_at_ms FROM seals
            WHERE seq > ? AND seq <= ? AND content IS NOT NULL ORDER BY seq LIMIT \(Self.sealsAtOnce)
            """
        return try Row.fetchAll(db, sql: sql, arguments: [chain.offset, chain.end]).map { row in
            let last: Int64 = try row.decode(forColumn: "last_id")
            return PrunedPrefix.Candidate(
                number: try row.decode(forColumn: "seq"), lastID: last,
                rows: last - (try row.decode(Int64.self, forColumn: "first_id")) + 1,
                sealedAt: try row.moment("sealed_at_ms"))
        }
    }

    /// Also deletes rows that nobody sealed, where they lie between.
    private func cut(_ db: Database, _ chain: Chain, at last: PrunedPrefix.Candidate) throws -> Int {
        try db.execute(
            sql: "DELETE FROM attempts WHERE id > ? AND id <= ?",
            arguments: [chain.unsealedTo + chain.offset, last.lastID])
        let rows = db.changesCount
        try db.execute(sql: "DELETE FROM seals WHERE seq > ? AND seq < ?", arguments: [chain.offset, last.number])
        try db.execute(
            sql: "UPDATE seals SET content = NULL, amendments = 0 WHERE seq = ?", arguments: [last.number])
        return rows
    }
}
