import GRDB
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct RetentionTests {
    @Test func `rows past the retention are deleted, the others stay`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(retention: .seconds(3600), clock: clock)
        defer { log.close() }
        let chunk = AuditWriter.pruneChunk
        let old = Samples.job()
        try await log.record((0..<chunk).map { Samples.row(job: old, number: $0) })
        try await log.record((chunk..<chunk + 5).map { Samples.row(job: old, number: $0) })
        clock.advance(.seconds(3601))
        let young = [1, 2].map { Samples.row(number: $0, startedAfter: .seconds(3600)) }
        // Each commit is followed by one chunk; the second chunk is the rest.
        try await log.record([young[0]])
        try await eventually { log.counts.prunedRows == chunk }
        try await log.record([young[1]])
        try await eventually { log.counts.prunedRows == chunk + 5 }
        #expect(try await log.query(AuditFilter(), limit: 10) == young.reversed())
    }

    @Test func `confirmed ends are deleted after their time, settlements that wait stay`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let (old, waiting, young) = (Samples.settlement(), Samples.settlement(), Samples.settlement())
        for settlement in [old, waiting, young] { try await log.record(settlement) }
        log.settled(old, .settled)
        clock.advance(.seconds(86_400))
        log.settled(young, .settled)
        try await log.flushed()
        clock.advance(.seconds(60))
        try await log.record([Samples.row()])
        try await eventually { log.counts.prunedRows == 1 }
        #expect(try await log.confirmed().map(\.id) == [young.id])
        #expect(try await log.unsettled().first?.id == waiting.id)
        #expect(try await log.attempts(of: old.id).count == 1, "the audit keeps its rows for longer")
    }

    @Test func `an end that was confirmed late keeps no later one from being deleted`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let (late, old) = (Samples.settlement(), Samples.settlement())
        for settlement in [late, old] { try await log.record(settlement) }
        log.settled(old, .settled)
        try await log.flushed()
        clock.advance(.seconds(3600))
        log.settled(late, .settled)
        try await log.flushed()
        clock.advance(.seconds(86_400 - 3599))
        try await log.record([Samples.row()])
        try await eventually { log.counts.prunedRows == 1 }
        #expect(try await log.confirmed().map(\.id) == [late.id])
    }

    @Test func `jobs that ended are deleted after a minute, those with a key when it is forgotten`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let sources: [Idempotency.Source?] = [nil, .firstSend, .key]
        let specs = sources.map { source in
            Samples.spec(idempotency: source.map { Idempotency(key: $0.rawValue, content: "c", source: $0) })
        }
        for spec in specs { try await log.accept(spec) }
        log.ended(specs.map(\.id))
        try await log.flushed()
        var left: [Int?] = []
        for wait in [60, 61, 840, 86_400] {
            clock.advance(.seconds(wait))
            try await prune(log)
            left.append(try rows(log))
        }
        #expect(left == [3, 2, 1, 0])
    }

    @Test func `a job that has not ended stays for ever`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let (spooled, queued) = (Samples.spec(), Samples.spec())
        for spec in [spooled, queued] { try await log.accept(spec) }
        log.queued([queued.id])
        clock.advance(.seconds(1000 * 86_400))
        try await prune(log)
        #expect(try rows(log) == 2)
    }

    /// The deletion comes after a commit, and before the next one.
    private func prune(_ log: AuditLog) async throws {
        for _ in 0..<2 { try await log.remember(ServerIdentity("any"), .worker, partition: 0) }
    }

    private func rows(_ log: AuditLog) throws -> Int? {
        try log.file.withWriter { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM accepted") }
    }
}
