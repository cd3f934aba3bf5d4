import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct ChainPruningTests {
    @Test func `what is left after pruning is verified from the seal that stayed`() async throws {
        let clock = TestClock()
        let ledger = try await Ledger(clock: clock)
        let old = try await ledger.report().head
        clock.advance(.seconds(100))
        try await ledger.log.record([Samples.row()])
        #expect(try await prune(ledger, olderThan: .seconds(50), clock) == 6)
        let report = try await ledger.report(heads: [old.hash])
        #expect(report.isIntact && report.intactRows == 1)
        #expect(report.prunedTo == .init(seal: 3, row: 6, sealedAt: Samples.start))
        // The chain goes on, and is still guarded at its new start.
        try await ledger.log.record([Samples.row()])
        #expect(try await ledger.report().intactRows == 2)
        try ledger.copy(7, to: 5)
        try ledger.edit("DELETE FROM attempts WHERE id = 7")
        #expect(try await ledger.report().faults.map(\.kind) == [.inserted, .missing])
    }

    @Test func `pruning everything leaves a chain that goes on`() async throws {
        let clock = TestClock()
        let ledger = try await Ledger(clock: clock)
        clock.advance(.seconds(100))
        #expect(try await prune(ledger, olderThan: .seconds(1), clock) == 6)
        #expect(try await prune(ledger, olderThan: .seconds(1), clock) == 0)
        try await ledger.log.record([Samples.row()])
        let report = try await ledger.report()
        #expect(report.isIntact && report.intactRows == 1 && report.head.number == 4)
    }

    @Test func `what is pruned while the chain is verified is no fault`() async throws {
        let ledger = try await Ledger()
        let reader = ledger.log.file.reader
        let chain = try #require(try await reader.chains().first)
        var verifier = ChainVerifier(chain)
        verifier = try await reader.read { [verifier] db in
            var next = verifier
            _ = try ChainPage(db, chain).show(to: &next, atMost: 1)
            return next
        }
        let clock = TestClock()
        clock.advance(.seconds(100))
        _ = try await prune(ledger, olderThan: .seconds(1), clock)
        verifier = try await reader.read { [verifier] db in
            var next = verifier
            _ = try ChainPage(db, chain).show(to: &next, atMost: 64)
            return next
        }
        #expect(verifier.report.isIntact && verifier.report.head.number == 3)
    }

    @Test func `rows from before the chain go by the start of their attempts`() async throws {
        let ledger = try await Ledger()
        // As if the chain had begun behind them.
        try ledger.edit("DELETE FROM seals; UPDATE chains SET unsealed_to = 6")
        let clock = TestClock()
        clock.advance(.seconds(101))
        #expect(try await prune(ledger, olderThan: .seconds(100), clock) == 4)
        #expect(try await ledger.report().unsealedRows == 2)
    }

    @Test func `the program prunes while nothing is written`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(retention: .seconds(3600), pruneInterval: .milliseconds(5), clock: clock)
        defer { log.close() }
        try await log.record([Samples.row()])
        clock.advance(.seconds(3601))
        try await eventually { log.counts.prunedRows == 1 }
        #expect(try await log.file.reader.verify()[0].isIntact)
    }

    @Test func `writers go on while another process prunes`() async throws {
        let ledger = try await Ledger()
        for job in (0..<4).map(Samples.job) {
            try await ledger.log.record((0..<AuditPruner.rowsAtOnce).map { Samples.row(job: job, number: $0) })
        }
        let clock = TestClock()
        clock.advance(.seconds(100))
        async let pruned = prune(ledger, olderThan: .seconds(50), clock)
        for _ in 0..<10 { try await ledger.log.record([Samples.row()]) }
        // Those of the log's own clock are as old.
        #expect(try await pruned >= 4_006)
        #expect(try await ledger.report().isIntact)
    }

    @Test func `only the start of a chain is pruned, and a clock that was wrong does not stop it`() {
        func seal(_ number: Int64, at seconds: Int) -> PrunedPrefix.Candidate {
            .init(number: number, lastID: number * 10, rows: 10, sealedAt: Samples.start + .seconds(seconds))
        }
        func last(_ times: [Int], limit: Int = 1_000) -> Int64? {
            let seals = times.enumerated().map { seal(Int64($0.offset + 1), at: $0.element) }
            let (before, now) = (Samples.start + .seconds(10), Samples.start + .seconds(20))
            return PrunedPrefix.last(of: seals, before: before, now: now, limit: limit)?.number
        }
        #expect(last([1, 2, 12, 3]) == 2)
        #expect(last([12, 1]) == nil)
        #expect(last([1, 99, 2, 15]) == 3, "the second was written by a clock that was wrong")
        #expect(last([1, 99, 15]) == 1)
        #expect(last([99]) == nil)
        #expect(last([]) == nil)
        #expect(last([1, 2, 3], limit: 20) == 2)
        #expect(last([1, 2, 3], limit: 5) == 1, "a seal is not split")
    }

    private func prune(_ ledger: Ledger, olderThan age: Duration, _ clock: TestClock) async throws -> Int {
        let pruner = try AuditPruner(path: ledger.folder.path())
        defer { pruner.close() }
        return try await pruner.prune(olderThan: age, at: clock.now)
    }
}
