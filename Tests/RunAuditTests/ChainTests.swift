import GRDB
import JobFlow
import Testing

@testable import RunAudit

/// What is found when somebody changes the file by hand.
@Suite(.timeLimit(.minutes(5)))
struct ChainTests {
    @Test func `a ledger that nobody touched is intact, with a head that goes on`() async throws {
        let ledger = try await Ledger()
        let before = try await ledger.report()
        #expect(before.isIntact && before.intactRows == 6 && before.seals == 3 && before.head.number == 3)
        try await ledger.log.record([Samples.row()])
        let after = try await ledger.report(heads: [before.head.hash])
        #expect(after.isIntact && after.intactRows == 7 && after.head.hash != before.head.hash)
    }

    @Test func `an empty log is intact`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let report = try #require(try await log.file.reader.verify().first)
        #expect(report.isIntact && report.intactRows == 0 && report.head.number == 0)
    }

    @Test(arguments: [
        "outcome = 'failed'", "number = 9", "endpoint = 'other'", "status_code = 200", "reason = ''",
        "total_tokens = 1", "correlation_id = 'req-1' || char(0)", "started_at_ms = started_at_ms + 1",
        "upstream_request_id = 'x'", "billed = 'no'", "delay_ms = 0", "recorded_at_ms = 0",
    ])
    func `a row that was changed is named`(change: String) async throws {
        let ledger = try await Ledger()
        try ledger.edit("UPDATE attempts SET \(change) WHERE id = 4")
        let fault = ChainFault(.changed, rows: 4...4, of: ledger.sealed(4))
        #expect(try await ledger.report().faults == [fault])
        #expect(fault.description == "row 4 (job \(ledger.rows[3].job), attempt 2) was changed")
    }

    @Test func `a row that was deleted is named, though it is gone`() async throws {
        let ledger = try await Ledger()
        try ledger.edit("DELETE FROM attempts WHERE id IN (2, 5)")
        let report = try await ledger.report()
        #expect(report.faults == [2, 5].map { ChainFault(.missing, rows: $0...$0, of: ledger.sealed(Int($0))) })
        #expect(report.intactRows == 4)
        #expect(report.faults[0].description == "row 2 (job \(ledger.rows[1].job), attempt 2) missing")
    }

    @Test(arguments: [-5, 0, 7, 1 << 50]) func `a row that was inserted is named`(id: Int64) async throws {
        let ledger = try await Ledger()
        try ledger.copy(1, to: id)
        let fault = ChainFault(.inserted, rows: id...id, of: ledger.sealed(1))
        #expect(try await ledger.report().faults == [fault])
        // What is sealed afterwards is intact, and the row is still found.
        try await ledger.log.record([Samples.row()])
        #expect(try await ledger.report().faults == [fault])
        #expect(try await ledger.report().intactRows == 7)
    }

    @Test func `rows that have changed places are both named`() async throws {
        let ledger = try await Ledger()
        for (from, to) in [(1, 100), (2, 1), (100, 2)] {
            try ledger.edit("UPDATE attempts SET id = \(to) WHERE id = \(from)")
        }
        #expect(try await ledger.report().faults.map(\.rows) == [1...1, 2...2])
    }

    @Test func `a row and its seal that were changed together break the chain`() async throws {
        let ledger = try await Ledger()
        try ledger.edit("UPDATE seals SET content = zeroblob(length(content)) WHERE seq = 2")
        #expect(try await ledger.report().faults.first == ChainFault(.brokenSeal, rows: 3...4, seals: 2...2))
        let other = try await Ledger()
        try other.edit("UPDATE seals SET sealed_at_ms = 5 WHERE seq = 2")
        #expect(try await other.report().faults == [ChainFault(.brokenSeal, rows: 3...4, seals: 2...2)])
    }

    @Test func `rows that were deleted with their seal leave a gap`() async throws {
        let ledger = try await Ledger()
        try ledger.edit("DELETE FROM attempts WHERE id IN (3, 4); DELETE FROM seals WHERE seq = 2")
        #expect(try await ledger.report().faults == [ChainFault(.missingSeals, rows: 3...4, seals: 2...2)])
        let first = try await Ledger()
        try first.edit("DELETE FROM attempts WHERE id <= 2; DELETE FROM seals WHERE seq = 1")
        #expect(try await first.report().faults == [ChainFault(.missingSeals, rows: 1...2, seals: 1...1)])
    }

    @Test func `the end that was cut off is missed, and a head that was written down finds what is hidden better`()
        async throws
    {
        let ledger = try await Ledger()
        let head = try await ledger.report().head.hash
        try ledger.edit("DELETE FROM attempts WHERE id >= 5; DELETE FROM seals WHERE seq = 3")
        #expect(try await ledger.report().faults == [ChainFault(.cutOff, rows: 5...6)])
        try ledger.edit("UPDATE sqlite_sequence SET seq = 4 WHERE name = 'attempts'")
        #expect(try await ledger.report().isIntact, "this is what a chain in the file itself cannot show")
        #expect(try await ledger.report(heads: [head]).faults == [ChainFault(.unknownHead, head: head)])
    }

    @Test func `a seal that was emptied is not taken for a pruned one`() async throws {
        let ledger = try await Ledger()
        try ledger.edit("DELETE FROM attempts WHERE id IN (3, 4); UPDATE seals SET content = NULL WHERE seq = 2")
        #expect(try await ledger.report().faults == [ChainFault(.emptiedSeal, seals: 2...2)])
    }

    @Test func `more seals than one snapshot holds are verified`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        for _ in 0..<AuditReader.sealsAtOnce * 2 { try await log.record([Samples.row()]) }
        let report = try #require(try await log.file.reader.verify().first)
        #expect(report.isIntact && report.intactRows == report.seals && report.seals >= 128)
    }

    @Test func `several logs on one file make one chain`() async throws {
        let folder = try TemporaryFolder()
        let logs = [try folder.log(), try folder.log(), try folder.log()]
        defer { logs.forEach { $0.close() } }
        try await withThrowingDiscardingTaskGroup { group in
            for number in 0..<60 {
                group.addTask { try await logs[number % 3].record([Samples.row(job: Samples.job(number))]) }
            }
            // Each time it sees some state of the file in between.
            group.addTask {
                for _ in 0..<10 {
                    let report = try await logs[0].file.reader.verify()[0]
                    #expect(report.isIntact)
                }
            }
        }
        #expect(try await logs[0].file.reader.verify()[0].intactRows == 60)
    }

    @Test func `a row that the ledger renumbers is still intact, and a change of it is found`() async throws {
        let ledger = try await Ledger()
        var late = Samples.settlement([ledger.rows[2], ledger.rows[3]])
        late.occasion = .late
        late.attempts[0].number = 7
        ledger.log.settled(late, .settled)
        try await ledger.log.flushed()
        let report = try await ledger.report()
        #expect(report.isIntact && report.head.number == 4)
        #expect(try await ledger.log.attempts(of: late.id).map(\.attempt.number) == [2, 7])
        // The row as it was first sealed is not what it has to be now.
        try ledger.edit("UPDATE attempts SET number = 1 WHERE id = 3")
        #expect(try await ledger.report().faults.map(\.rows) == [3...3])
    }

    @Test func `a file of the release before gets a chain, and its older rows are counted`() async throws {
        let folder = try TemporaryFolder()
        let old = try DatabaseQueue(path: folder.path())
        try AuditSchema.migrator.migrate(old, upTo: "fewer indexes")
        try await old.write { db in
            var statements = PreparedStatements(db)
            for _ in 0..<3 {
                try statements.run(.init(.insertAttempt, AttemptRow.values(Samples.row(), recordedAt: Samples.start)))
            }
        }
        await #expect(throws: AuditError.self) { try await AuditReader(path: folder.path()).verify() }
        let log = try folder.log()
        defer { log.close() }
        try await log.record([Samples.row()])
        let report = try await log.file.reader.verify()[0]
        #expect(report.isIntact && report.unsealedRows == 3 && report.intactRows == 1)
        // An older worker beside the newer one does not seal.
        try await old.write { db in
            var statements = PreparedStatements(db)
            try statements.run(.init(.insertAttempt, AttemptRow.values(Samples.row(), recordedAt: Samples.start)))
        }
        #expect(try await log.file.reader.verify()[0].faults.map(\.kind) == [.inserted])
    }
}
