import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct SettlementTests {
    private static let error = JobError(code: "c\u{0}de", message: "no \"luck\"", type: "server_error")
    private static let stale = JobResult(statusCode: 400, body: [0x30], servedBy: .stale, endpoint: "e\u{0}")
    private static let usage = TokenUsage(promptTokens: 11, completionTokens: 5, cachedTokens: 3, totalTokens: 17)

    @Test(arguments: [
        Verdict.completed(Samples.answer, usage),
        .completed(JobResult(statusCode: 200, body: [], servedBy: .cache, endpoint: nil), nil),
        .retry(after: .milliseconds(1500)), .failed(error, answer: stale), .failed(error, answer: nil), .expired,
        .released(after: .seconds(3)), .cancelled,
    ])
    func `a settlement comes back as it was, until the queue has answered`(_ verdict: Verdict) async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let row = Samples.fullRow(job: Samples.job())
        var settlement = Samples.settlement(
            verdict, of: row.job, epoch: 7, worker: "w\u{0}", server: "s\u{0}", attempts: [row.attempt, row.attempt])
        settlement.spec.queue = row.queue
        try await log.record(settlement)
        #expect(try await log.unsettled() == [settlement.stored(as: .late)])
        log.settled(settlement, .settled)
        try await log.flushed()
        #expect(try await log.unsettled().isEmpty)
        let kept = verdict.terminalState == nil ? [] : [settlement.stored(as: .restored)]
        #expect(try await log.confirmed() == kept)
    }

    @Test func `attempts that the ledger has numbered anew have the same number here`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let first = Samples.fullRow(job: Samples.job())
        var second = first.attempt
        second.startedAt = second.startedAt + .seconds(1)
        var settlement = Samples.settlement(of: first.job, attempts: [first.attempt, second])
        try await log.record(settlement)
        settlement.occasion = .late
        settlement.attempts[0].number = 6
        settlement.attempts[1].number = 7
        log.settled(settlement, .settled)
        try await log.flushed()
        // Not by what the queue had before, under the numbers of that time.
        settlement.attempts[0].number = 60
        log.settled(settlement, .known)
        try await log.flushed()
        let rows = try await log.attempts(of: first.job).map(\.attempt)
        #expect(rows.map(\.number) == [6, 7])
        #expect(rows.map(\.startedAt) == [first.attempt.startedAt, second.startedAt])
    }

    @Test func `what the queue did not want leaves only its attempts`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let settlement = Samples.settlement()
        try await log.record(settlement)
        log.settled(settlement, .lost)
        try await log.flushed()
        #expect(try await log.unsettled().isEmpty)
        #expect(try await log.confirmed().isEmpty)
        #expect(try await log.attempts(of: settlement.id).map(\.attempt) == settlement.attempts)
    }

    @Test func `a settlement that is recorded twice is there once, with its attempts`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let settlement = Samples.settlement(attempts: [1, 2].map { Samples.row(number: $0).attempt })
        for _ in 0..<2 { try await log.record(settlement) }
        #expect(try await log.unsettled().count == 1)
        #expect(try await log.attempts(of: settlement.id).map(\.attempt.number) == [1, 2])
    }

    @Test func `two servers may hand out the same claim`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let id = Samples.job()
        let first = Samples.settlement(.retry(after: .zero), of: id, server: "one")
        let second = Samples.settlement(of: id, server: "two")
        for settlement in [first, second] { try await log.record(settlement) }
        log.settled(first, .lost)
        try await log.flushed()
        #expect(try await log.unsettled() == [second.stored(as: .late)])
    }

    @Test func `settlements that wait are read page by page`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let settlements = (1...3).map { _ in Samples.settlement() }
        for settlement in settlements { try await log.record(settlement) }
        let first = try await log.unsettled(after: JournalMark(), limit: 2)
        let second = try await log.unsettled(after: try #require(first.next), limit: 2)
        #expect(first.elements + second.elements == settlements.map { $0.stored(as: .late) })
        #expect(second.next == nil)
        #expect(try #require(second.last) > JournalMark())
        let none = try await log.unsettled(after: try #require(second.last), limit: 2)
        #expect(none.elements.isEmpty && none.last == nil && none.next == nil)
    }

    @Test func `confirmed ends are read page by page, the newest first, from a moment on`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let settlements = (1...4).map { _ in Samples.settlement() }
        for settlement in settlements { try await log.record(settlement) }
        log.settled(settlements[0], .settled)
        clock.advance(.seconds(1))
        for settlement in settlements[1...] { log.settled(settlement, .settled) }
        try await log.flushed()
        let since = Samples.start + .seconds(1)
        let first = try await log.confirmed(since: since, before: JournalMark(.max), limit: 2)
        let second = try await log.confirmed(since: since, before: try #require(first.next), limit: 2)
        #expect(first.elements.map(\.id) == [settlements[3].id, settlements[2].id])
        #expect(second.elements.map(\.id) == [settlements[1].id])
        #expect(second.next == nil)
        #expect(try await log.confirmed().count == 4)
    }

    @Test func `an end that was restored counts as confirmed anew, one that was not wanted stays`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let settlement = Samples.settlement()
        try await log.record(settlement)
        log.settled(settlement, .settled)
        try await log.flushed()
        let restored = try #require(try await log.confirmed().first)
        log.settled(restored, .lost)
        clock.advance(.seconds(5))
        log.settled(restored, .settled)
        try await log.flushed()
        #expect(try await log.confirmed(since: Samples.start + .seconds(5)) == [restored])
    }
}
