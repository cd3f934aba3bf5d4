import GRDB
import JobFlow

extension AuditReader {
    /// A job as this machine knows it: ended, when its end was confirmed; under way, when a settlement waits for the
    /// queue; waiting, when no more is known than that it was accepted. Nil also for a job that ended elsewhere.
    func record(_ id: JobID) async throws(AuditError) -> JobRecord? {
        try await read { db in
            guard var record = try Self.settled(id, db) ?? Self.accepted(id, db) else { return nil }
            let rows = try Row.fetchAll(db, sql: AttemptRow.select + AttemptRow.ofJob, arguments: [id.description])
            let attempts = try rows.map(AttemptRow.decode).map(\.attempt)
            record.attempts = attempts.count
            record.startedAt = attempts.first?.startedAt
            record.ledger = attempts.encodedLedger
            return record
        }
    }

    private static func settled(_ id: JobID, _ db: Database) throws -> JobRecord? {
        let sql = SettlementRow.select + " WHERE job = ? ORDER BY confirmed_at_ms IS NULL, seq DESC LIMIT 1"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [id.description]) else { return nil }
        let settlement = try SettlementRow.decode(row, .restored)
        guard let state = settlement.verdict.terminalState,
            let confirmed = try row.decode(Int64?.self, forColumn: "confirmed_at_ms")
        else { return JobRecord(spec: settlement.spec, state: .inProgress) }
        return JobRecord(settlement, state, endedAt: Timestamp(milliseconds: confirmed))
    }

    private static func accepted(_ id: JobID, _ db: Database) throws -> JobRecord? {
        let sql = AcceptedRow.selectWithoutBody + " WHERE job = ? AND ended_at_ms IS NULL"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [id.description]) else { return nil }
        var spec = try AcceptedRow.spec(row, body: [])
        spec.idempotency = nil
        return JobRecord(spec: spec, state: .queued)
    }
}

extension JobRecord {
    fileprivate init(_ settlement: Settlement, _ state: JobState, endedAt: Timestamp) {
        let end = VerdictColumns(settlement.verdict)
        self.init(
            spec: settlement.spec, state: state, finishedAt: endedAt, result: end.answer,
            error: state == .expired ? .deadlineExceeded : end.error, usage: end.usage)
    }
}
