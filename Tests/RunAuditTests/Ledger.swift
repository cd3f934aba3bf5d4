import GRDB
import JobFlow
import Testing

@testable import RunAudit

/// A log of three jobs with two attempts each, and somebody who edits its file.
struct Ledger {
    let folder: TemporaryFolder
    let log: AuditLog
    let rows: [AuditedAttempt]

    init(clock: TestClock = TestClock()) async throws {
        folder = try TemporaryFolder()
        log = try folder.log(clock: clock)
        rows = (0..<3).flatMap { number in
            let job = Samples.job(number)
            return [
                Samples.row(job: job, number: 1, outcome: .retry),
                Samples.row(job: job, number: 2, startedAfter: .seconds(number)),
            ]
        }
        try await log.record(rows)
    }

    func report(heads: Set<ChainHash> = []) async throws -> ChainReport {
        try #require(try await log.file.reader.verify(heads: heads).first)
    }

    /// What the chain says of a row.
    func sealed(_ id: Int) -> SealedRow {
        let row = rows[id - 1]
        return SealedRow(
            job: row.job.description, number: Int64(row.attempt.number),
            digest: RowDigest(AttemptRow.values(row, recordedAt: Samples.start)))
    }

    func edit(_ sql: String) throws {
        try log.file.withWriter { db in try db.execute(sql: sql) }
    }

    func copy(_ id: Int64, to other: Int64) throws {
        let columns = """
            job, queue, number, endpoint, region, tier, worker, correlation_id, started_at_ms, ended_at_ms, outcome,
            billed, recorded_at_ms
            """
        try edit("INSERT INTO attempts (id, \(columns)) SELECT \(other), \(columns) FROM attempts WHERE id = \(id)")
    }
}
