import GRDB
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct MergeTests {
    @Test func `logs of two machines become one file, and each chain is verified in it`() async throws {
        let (a, b) = (try await Ledger(), try await Ledger())
        let merged = a.folder.path("merged.sqlite")
        #expect(try merge([a, b], into: merged) == [6, 6])
        let reader = try AuditReader(path: merged)
        #expect(try await reader.query(AuditFilter(), limit: 100).count == 12)
        #expect(try await reader.attempts(of: b.rows[0].job) == Array(b.rows[0...1]))
        let heads = [try await a.report().head, try await b.report().head]
        let reports = try await reader.verify(heads: Set(heads.map(\.hash)))
        #expect(reports.allSatisfy { $0.isIntact && $0.intactRows == 6 })
        #expect(reports.map(\.head) == heads)
    }

    @Test func `merging again adds only what is new`() async throws {
        let (a, b) = (try await Ledger(), try await Ledger())
        let merged = a.folder.path("merged.sqlite")
        _ = try merge([a, b], into: merged)
        #expect(try merge([a, b], into: merged) == [0, 0])
        try await b.log.record([Samples.row()])
        #expect(try merge([a, b, b], into: merged) == [0, 1, 0])
        // A merge of merges, and one of what is known.
        let all = try AuditMerger(into: a.folder.path("all.sqlite"))
        defer { all.close() }
        #expect(try all.merge(merged) == 13)
        #expect(try all.merge(a.folder.path()) == 0)
        #expect(try await AuditReader(path: a.folder.path("all.sqlite")).verify().allSatisfy(\.isIntact))
    }

    @Test func `a row that is changed in the merged file is named there`() async throws {
        let (a, b) = (try await Ledger(), try await Ledger())
        let merged = a.folder.path("merged.sqlite")
        _ = try merge([a, b], into: merged)
        let file = try AuditFile.open(AuditConfiguration(path: merged), isMerged: true)
        try file.withWriter { db in
            try db.execute(
                sql: "UPDATE attempts SET billed = 'no' WHERE job = ? AND number = 2", arguments: ["\(b.rows[2].job)"])
            try db.execute(sql: "DELETE FROM attempts WHERE job = ?", arguments: ["\(a.rows[4].job)"])
        }
        try file.close()
        let reports = try await AuditReader(path: merged).verify()
        #expect(reports[0].faults.map(\.kind) == [.missing, .missing])
        #expect(reports[1].faults.map(\.kind) == [.changed])
        #expect(reports[1].faults.first?.rows?.lowerBound == 2 * Chain.span + 4)
        #expect(reports[1].faults.first?.job == "\(b.rows[2].job)")
    }

    @Test func `what was pruned before it could be merged is told, and is no fault`() async throws {
        let clock = TestClock()
        let ledger = try await Ledger(clock: clock)
        let merged = ledger.folder.path("merged.sqlite")
        _ = try merge([ledger], into: merged)
        try await ledger.log.record([Samples.row()])
        clock.advance(.seconds(100))
        let pruner = try AuditPruner(path: ledger.folder.path())
        #expect(try await pruner.prune(olderThan: .seconds(50), at: clock.now) == 7)
        pruner.close()
        try await ledger.log.record([Samples.row()])
        #expect(try merge([ledger], into: merged) == [1])
        let report = try #require(try await AuditReader(path: merged).verify().first)
        #expect(report.isIntact && report.intactRows == 7)
        #expect(report.prunedTo?.seal == 4)
    }

    @Test func `a merged file is pruned, and what went does not come back`() async throws {
        let clock = TestClock()
        let ledger = try await Ledger(clock: clock)
        let merged = ledger.folder.path("merged.sqlite")
        clock.advance(.seconds(100))
        try await ledger.log.record([Samples.row()])
        _ = try merge([ledger], into: merged)
        let pruner = try AuditPruner(path: merged)
        #expect(try await pruner.prune(olderThan: .seconds(50), at: clock.now) == 6)
        pruner.close()
        #expect(try merge([ledger], into: merged) == [0])
        let report = try #require(try await AuditReader(path: merged).verify().first)
        #expect(report.isIntact && report.intactRows == 1)
    }

    @Test func `a row that was renumbered after it was merged is renumbered in the merged file`() async throws {
        let ledger = try await Ledger()
        let merged = ledger.folder.path("merged.sqlite")
        _ = try merge([ledger], into: merged)
        var late = Samples.settlement([ledger.rows[2], ledger.rows[3]])
        late.occasion = .late
        late.attempts[0].number = 7
        ledger.log.settled(late, .settled)
        try await ledger.log.flushed()
        #expect(try merge([ledger], into: merged) == [0])
        let reader = try AuditReader(path: merged)
        #expect(try await reader.attempts(of: late.id).map(\.attempt.number) == [2, 7])
        #expect(try await reader.verify()[0].isIntact)
    }

    @Test func `a log that was rewritten, a log in use and a merged file in the wrong place are refused`() async throws
    {
        let ledger = try await Ledger()
        let merged = ledger.folder.path("merged.sqlite")
        _ = try merge([ledger], into: merged)
        try ledger.edit("UPDATE seals SET hash = zeroblob(32) WHERE seq = 3")
        #expect(throws: AuditError.self) { _ = try merge([ledger], into: merged) }
        #expect(throws: AuditError.self) { _ = try AuditMerger(into: ledger.folder.path()) }
        #expect(throws: AuditError.self) { _ = try ledger.folder.log("merged.sqlite") }
    }

    @Test func `more rows than one transaction takes are merged, those from before the chain too`() async throws {
        let ledger = try await Ledger()
        for job in (0..<3).map(Samples.job) {
            try await ledger.log.record((0..<1_500).map { Samples.row(job: job, number: $0) })
        }
        try ledger.edit("DELETE FROM seals; UPDATE chains SET unsealed_to = 4506")
        try await ledger.log.record((0..<2_500).map { Samples.row(job: ledger.rows[0].job, number: $0) })
        for number in 0..<300 { try await ledger.log.record([Samples.row(number: number)]) }
        let merged = ledger.folder.path("merged.sqlite")
        #expect(try merge([ledger], into: merged) == [7_306])
        let report = try #require(try await AuditReader(path: merged).verify().first)
        #expect(report.isIntact && report.unsealedRows == 4_506 && report.intactRows == 2_800)
    }

    private func merge(_ ledgers: [Ledger], into path: String) throws -> [Int] {
        let merger = try AuditMerger(into: path)
        defer { merger.close() }
        return try ledgers.map { try merger.merge($0.folder.path()) }
    }
}
