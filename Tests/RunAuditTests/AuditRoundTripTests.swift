import Foundation
import GRDB
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct AuditRoundTripTests {
    @Test func `rows come back equal after reopening, NUL characters and all`() async throws {
        let folder = try TemporaryFolder()
        let job = Samples.job()
        let full = Samples.fullRow(job: job)
        var plain = Samples.row(job: job, number: 1)
        (plain.queue, plain.correlationID) = (full.queue, full.correlationID)
        let rows = [plain, full]
        let first = try folder.log()
        try await first.record(rows)
        first.close()
        let second = try folder.log()
        defer { second.close() }
        #expect(try await second.attempts(of: job) == rows)
        #expect(try await second.attempts(of: Samples.job()).isEmpty)
        let byEndpoint = try await second.query(AuditFilter(endpoint: "\u{0}"), limit: 5)
        #expect(byEndpoint == [rows[1]])
    }

    @Test func `folders that are missing are created`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a/b/audit.sqlite")
        let log = try folder.log("a/b/audit.sqlite")
        try await log.record([Samples.row()])
        log.close()
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"), "the last to close folds the log in")
    }

    @Test(arguments: [
        (AuditConfiguration.Synchronous.full, 2), (AuditConfiguration.Synchronous.normal, 1),
        (AuditConfiguration.Synchronous.off, 0),
    ])
    func `synchronous is what the configuration says`(_ wanted: AuditConfiguration.Synchronous, _ level: Int) throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(
            configuration: AuditConfiguration(path: folder.path(), synchronous: wanted), logger: Samples.logger)
        defer { log.close() }
        let settings = try log.file.withWriter { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode")
            )
        }
        #expect(settings.0 == level)
        #expect(settings.1 == "wal")
    }

    @Test func `what nobody waits for costs no flush, and what somebody waits for always does`() async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(configuration: AuditConfiguration(path: folder.path()), logger: Samples.logger)
        defer { log.close() }
        func level() throws -> Int? { try log.file.withWriter { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
        let entry = JournalEntry.queued([Samples.job()], at: Samples.start)

        try log.file.write([entry], isAwaited: false, at: Samples.start)
        #expect(try level() == 1)
        try log.file.write([entry, entry], isAwaited: true, at: Samples.start)
        #expect(try level() == 2)
        log.commitLater(entry)
        try await eventually { try level() == 1 }
        try await log.commit(entry)
        #expect(try level() == 2)
    }

    @Test func `a path that cannot be is an error that names it`() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.url.appendingPathComponent("file"))
        let path = folder.path("file/audit.sqlite")
        let error = try #require(throws: AuditError.self) {
            _ = try AuditLog(configuration: AuditConfiguration(path: path), logger: Samples.logger)
        }
        #expect(error.message.contains(path))
    }

    @Test func `a file that is no database is an error and is left alone`() throws {
        let folder = try TemporaryFolder()
        let text = Data(String(repeating: "not a database. ", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: folder.path()))
        #expect(throws: AuditError.self) {
            _ = try folder.log()
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path())) == text)
    }

    @Test func `impossible settings are refused`() {
        for broken in [
            AuditConfiguration(path: ""), AuditConfiguration(path: "x", retention: .zero),
            AuditConfiguration(path: "x", maximumBatch: 0), AuditConfiguration(path: "x", maximumPending: 0),
            AuditConfiguration(path: "x", answersRetention: .zero), AuditConfiguration(path: "x", resendTTL: .zero),
            AuditConfiguration(path: "x", idempotencyTTL: .zero),
        ] {
            #expect(throws: AuditError.self) { try broken.validate() }
        }
    }
}
