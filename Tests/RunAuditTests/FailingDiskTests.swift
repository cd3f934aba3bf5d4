import Foundation
import GRDB
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct FailingDiskTests {
    @Test func `a full disk fails those rows only, and the log works again with room`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let kept = Samples.job()
        try await log.record([Samples.row(job: kept, number: 1)])
        try setMaximumPages(1, log)
        let lost = Samples.job()
        let error = try await #require(throws: AuditError.self) {
            try await log.record((1...500).map { Samples.row(job: lost, number: $0) })
        }
        #expect(error.message.contains("full"))
        #expect(log.counts.failedRows == 500)
        try setMaximumPages(1_000_000, log)
        try await log.record([Samples.row(job: kept, number: 2)])
        #expect(try await log.attempts(of: kept).map(\.attempt.number) == [1, 2])
        #expect(try await log.attempts(of: lost).isEmpty, "a transaction is written whole or not at all")
    }

    @Test func `a full disk keeps what nobody waits for until there is room again`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let (noted, kept) = (Samples.job(), Samples.job())
        try await log.record([Samples.row(job: kept, number: 1)])
        try setMaximumPages(1, log)
        log.note((1...500).map { Samples.row(job: noted, number: $0, outcome: .abandoned) }, [])
        let large = (1...500).map { Samples.row(number: $0) }
        await #expect(throws: AuditError.self) { try await log.record(Samples.settlement(large)) }
        #expect(log.pendingRows >= 500)
        #expect(log.counts.failedRows == 500, "nobody was told of the others")
        try setMaximumPages(1_000_000, log)
        try await log.flushed()
        #expect(try await log.attempts(of: noted).count == 500)
        #expect(log.counts.droppedRows == 0)
    }

    @Test func `a disk that is full at the end loses only what nobody waited for`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        try await log.record([Samples.row()])
        try setMaximumPages(1, log)
        log.note((1...500).map { Samples.row(number: $0, outcome: .abandoned) }, [])
        log.close()
        #expect(log.counts.droppedRows == 500)
        #expect(log.pendingRows == 0)
    }

    /// SQLite keeps at least the pages that are in use.
    private func setMaximumPages(_ pages: Int, _ log: AuditLog) throws {
        try log.file.withWriter { db in _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)") }
    }

    @Test func `a file that was deleted is replaced, and later rows are in the new one`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        try await log.record([Samples.row()])
        for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: folder.path() + suffix) }
        let row = Samples.row()
        try await log.record([row])
        #expect(try await log.query(AuditFilter(), limit: 10) == [row])
        log.close()
        let reader = try AuditReader(path: folder.path())
        #expect(try await reader.attempts(of: row.job) == [row])
    }
}
