import Foundation
import GRDB
import JobFlow
import Synchronization
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(2)))
struct FailingDiskTests {
    @Test func `a full disk fails those rows only, and the log works again with room`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let kept = Samples.job()
        try await log.append([Samples.row(job: kept, number: 1)])
        try setMaximumPages(1, log)
        let lost = Samples.job()
        let error = try await #require(throws: AuditError.self) {
            try await log.append((1...500).map { Samples.row(job: lost, number: $0) })
        }
        #expect(error.message.contains("full"))
        #expect(log.counts.failedRows == 500)
        try setMaximumPages(1_000_000, log)
        try await log.append([Samples.row(job: kept, number: 2)])
        #expect(try await log.attempts(of: kept).map(\.attempt.number) == [1, 2])
        #expect(try await log.attempts(of: lost).isEmpty, "a transaction is written whole or not at all")
    }

    /// SQLite keeps at least the pages that are in use.
    private func setMaximumPages(_ pages: Int, _ log: AuditLog) throws {
        try log.file.withWriter { db in _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)") }
    }

    @Test func `a file that was deleted is replaced, and later rows are in the new one`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        try await log.append([Samples.row()])
        for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: folder.path() + suffix) }
        let row = Samples.row()
        try await log.append([row])
        #expect(try await log.query(AuditFilter(), limit: 10) == [row])
        log.close()
        let reader = try AuditReader(path: folder.path())
        #expect(try await reader.attempts(of: row.job) == [row])
    }

    @Test func `rows past the retention are deleted, the others stay`() async throws {
        let folder = try TemporaryFolder()
        let now = Mutex(Samples.start)
        let log = try AuditLog(
            configuration: AuditConfiguration(path: folder.path(), retention: .seconds(3600)), logger: Samples.logger,
            clock: { now.withLock { $0 } })
        defer { log.close() }
        let chunk = AuditWriter.pruneChunk
        try await log.append((0..<chunk + 5).map { Samples.row(number: $0) })
        now.withLock { $0 = Samples.start + .seconds(3601) }
        let young = Samples.row(startedAfter: .seconds(3600))
        // Each append is followed by one chunk; the second chunk is the rest.
        try await log.append([young])
        try await eventually { log.counts.prunedRows == chunk }
        try await log.append([young])
        try await eventually { log.counts.prunedRows == chunk + 5 }
        #expect(try await log.query(AuditFilter(), limit: 10) == [young, young])
    }
}
