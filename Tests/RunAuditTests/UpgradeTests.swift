import GRDB
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct UpgradeTests {
    @Test func `a file of the first release becomes a journal and keeps its rows`() async throws {
        let folder = try TemporaryFolder()
        let row = Samples.row()
        let old = try DatabaseQueue(path: folder.path())
        try AuditSchema.migrator.migrate(old, upTo: "attempts")
        try await old.write { db in try insert(row, db) }
        // An older worker goes on writing beside the newer one.
        let log = try folder.log()
        defer { log.close() }
        let later = Samples.row(job: row.job, number: 2)
        try await old.write { db in try insert(later, db) }
        try old.close()
        #expect(try await log.attempts(of: row.job) == [row, later])
        let spec = Samples.spec()
        try await log.accept(spec)
        #expect(try await log.spooled(10) == [spec])
    }

    @Test func `a reader of a file of the first release reads its attempts`() async throws {
        let folder = try TemporaryFolder()
        let old = try DatabaseQueue(path: folder.path())
        try AuditSchema.migrator.migrate(old, upTo: "attempts")
        try old.close()
        let reader = try AuditReader(path: folder.path())
        #expect(try await reader.query(AuditFilter(), limit: 10).isEmpty)
        await #expect(throws: AuditError.self) { try await reader.spooledCount() }
    }

    @Test func `a journal of the release before keeps all that it holds`() async throws {
        let folder = try TemporaryFolder()
        let (spec, waiting, ended) = (Samples.spec(), Samples.settlement(), Samples.settlement())
        let old = try DatabaseQueue(path: folder.path())
        try AuditSchema.migrator.migrate(old, upTo: "journal")
        try await old.write { db in
            var statements = PreparedStatements(db)
            for entry: JournalEntry in [
                .accepted(spec, at: Samples.start, keptFor: .zero), .settlement(waiting, at: Samples.start),
                .settlement(ended, at: Samples.start), .answered(ended, .settled, at: Samples.start),
            ] {
                var draft = SealDraft()
                try entry.write(db, &statements, &draft)
            }
        }
        let log = try folder.log()
        defer { log.close() }
        #expect(try await log.spooled(10) == [spec])
        #expect(try await log.unsettled() == [waiting.stored(as: .late)])
        #expect(try await log.confirmed() == [ended.stored(as: .restored)])
        // What an older worker asks for, and how it cleans up.
        try await old.write { db in
            for index in [
                "settlements_confirmed WHERE confirmed_at_ms >= 0",
                "settlements_unconfirmed WHERE confirmed_at_ms IS NULL",
            ] {
                #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM settlements INDEXED BY \(index)") == 1)
            }
            let oldest =
                "SELECT seq FROM settlements WHERE true AND confirmed_at_ms < ? ORDER BY confirmed_at_ms LIMIT 9"
            try db.execute(sql: "DELETE FROM settlements WHERE seq IN (\(oldest))", arguments: [Int64.max])
        }
        #expect(try await log.confirmed().isEmpty)
        #expect(try await log.unsettled().count == 1)
    }

    @Test func `a new file has large pages, an older one keeps its own`() throws {
        let folder = try TemporaryFolder()
        let old = try DatabaseQueue(path: folder.path("old.sqlite"))
        try AuditSchema.migrator.migrate(old, upTo: "attempts")
        try old.close()
        for (name, size) in [("new.sqlite", 8192), ("old.sqlite", 4096)] {
            let log = try folder.log(name)
            defer { log.close() }
            #expect(try log.file.withWriter { db in try Int.fetchOne(db, sql: "PRAGMA page_size") } == size)
        }
    }

    private func insert(_ row: AuditedAttempt, _ db: Database) throws {
        var statements = PreparedStatements(db)
        try statements.run(.init(.insertAttempt, AttemptRow.values(row, recordedAt: Samples.start)))
    }
}
