import GRDB
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct AcceptedJobsTests {
    @Test func `an accepted job comes back whole, in order, until the queue has it`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let specs = [
            Samples.spec(queue: "inter\u{0}active", correlationID: "a\u{0}b"),
            Samples.spec(idempotency: Idempotency(key: "k\u{0}1", content: "c", source: .resend)), Samples.spec(),
        ]
        for spec in specs { try await log.accept(spec) }
        #expect(try await log.spooled(10) == specs)
        #expect(try await log.spooled(2) == Array(specs.prefix(2)))
        log.queued([specs[0].id, specs[1].id])
        try await log.flushed()
        #expect(try await log.spooled(10) == [specs[2]])
        #expect(try await log.spooledCount() == 1)
    }

    @Test func `jobs that left the spool are gone from it when that returns`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let (sent, kept) = (Samples.spec(), Samples.spec())
        for spec in [sent, kept] { try await log.accept(spec) }
        try await log.leftSpool([sent.id])
        #expect(try await log.spooled(10) == [kept])
        try await log.leftSpool([])
        #expect(log.counts.commits == 3)
    }

    @Test func `a job that is accepted twice is there once, as it was first`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let spec = Samples.spec()
        var other = spec
        other.body = Array("{}".utf8)
        try await log.accept(spec)
        try await log.accept(other)
        #expect(try await log.spooled(10) == [spec])
    }

    @Test func `a job that the queue refused was never accepted`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let spec = Samples.spec()
        try await log.accept(spec)
        try await log.withdraw(spec.id)
        try await log.flushed()
        #expect(try await log.spooledCount() == 0)
        #expect(try await log.record(spec.id) == nil)
    }

    @Test func `a job that a queue has confirmed is not withdrawn when another refuses it`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let spec = Samples.spec()
        try await log.accept(spec)
        log.queued([spec.id])
        try await log.flushed()
        // Sent again, to a server that has forgotten it and is full.
        try await log.accept(spec)
        try await log.withdraw([spec.id])
        #expect(try await log.underway(after: JournalMark(), limit: 10).elements == [spec.id])
        try await log.forget(spec.id)
        #expect(try await log.underway(after: JournalMark(), limit: 10).elements.isEmpty)
    }

    @Test func `a withdrawal that the disk took late does not mean the acceptance that came after it`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let spec = Samples.spec()
        let (first, refused, second) = (Samples.start, Samples.start + .seconds(1), Samples.start + .seconds(2))
        let late = JournalEntry.withdrawn([spec.id], acceptedBy: refused)
        for entries in [
            [JournalEntry.accepted(spec, at: first, keptFor: .zero)],
            [JournalEntry.accepted(spec, at: second, keptFor: .zero)], [late],
        ] { try log.file.write(entries, at: second) }
        #expect(try await log.spooled(10) == [spec])
        try log.file.write([JournalEntry.withdrawn([spec.id], acceptedBy: second)], at: second)
        #expect(try await log.spooledCount() == 0)
    }

    @Test func `a job that ended is not sent again, and its prompt is gone`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let (spooled, queued) = (Samples.spec(), Samples.spec())
        for spec in [spooled, queued] { try await log.accept(spec) }
        log.queued([queued.id])
        log.ended([spooled.id, queued.id, Samples.job()])
        try await log.flushed()
        #expect(try await log.spooledCount() == 0)
        #expect(try await log.accepted(since: Samples.start, after: JournalMark(), limit: 10).elements.isEmpty)
        #expect(try await log.underway(after: JournalMark(), limit: 10).elements.isEmpty)
        let prompts = try log.file.withWriter { db in
            try Int.fetchOne(db, sql: "SELECT count(body) FROM accepted")
        }
        #expect(prompts == 0)
    }

    @Test func `jobs under way are read page by page`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let specs = (0..<4).map { _ in Samples.spec() }
        for spec in specs { try await log.accept(spec) }
        log.queued(specs.map(\.id))
        try await log.flushed()
        let first = try await log.accepted(since: Samples.start, after: JournalMark(), limit: 2)
        let second = try await log.accepted(since: Samples.start, after: try #require(first.next), limit: 2)
        #expect(first.elements + second.elements == specs)
        #expect(first.last == first.next)
        #expect(second.last != nil)
        #expect(second.next == nil)
        let ids = try await log.underway(after: try #require(first.next), limit: 2)
        #expect(ids.elements == specs.suffix(2).map(\.id))
        #expect(try await log.underway(after: try #require(second.last), limit: 2).elements.isEmpty)
    }

    @Test func `jobs that the queue did not confirm are read among those that it did, by index`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let specs = (0..<5).map { _ in Samples.spec() }
        for spec in specs { try await log.accept(spec) }
        log.queued([specs[1].id, specs[4].id])
        log.ended([specs[2].id])
        try await log.flushed()
        let since = Samples.start
        let first = try await log.accepted(since: since, after: JournalMark(), limit: 2)
        let second = try await log.accepted(since: since, after: try #require(first.next), limit: 2)
        #expect(first.elements + second.elements == [specs[0], specs[1], specs[3], specs[4]])
        #expect(second.next == nil)
        let plan = try log.file.withWriter { db in
            try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + AcceptedRow.notEnded + " LIMIT 2", arguments: [0, 0, 0]
            ).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("MERGE (UNION ALL)") })
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test func `a job that was sent again counts as confirmed anew`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let (old, again) = (Samples.spec(), Samples.spec())
        for spec in [old, again] { try await log.accept(spec) }
        log.queued([old.id, again.id])
        clock.advance(.seconds(60))
        log.queued([again.id])
        try await log.flushed()
        let page = try await log.accepted(since: Samples.start + .seconds(60), after: JournalMark(), limit: 10)
        #expect(page.elements == [again])
    }

    @Test func `a job whose end was forgotten is under way, and is not sent again without its prompt`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let spec = Samples.spec()
        try await log.accept(spec)
        log.ended([spec.id])
        try await log.forgetEnd(spec.id)
        #expect(try await log.underway(after: JournalMark(), limit: 10).elements == [spec.id])
        #expect(try await log.accepted(since: Samples.start, after: JournalMark(), limit: 10).elements.isEmpty)
        #expect(try await log.spooledCount() == 0)
    }
}
