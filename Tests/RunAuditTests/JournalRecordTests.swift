import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct JournalRecordTests {
    private func spec(_ id: JobID) -> JobSpec {
        var spec = Samples.spec(id)
        spec.body = []
        return spec
    }

    @Test func `a job that is nowhere, or ended elsewhere, is not known`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let ended = Samples.spec()
        try await log.accept(ended)
        log.ended([ended.id])
        try await log.flushed()
        #expect(try await log.record(ended.id) == nil)
        #expect(try await log.record(Samples.job()) == nil)
    }

    @Test func `a job that was only accepted waits`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let accepted = Samples.spec(idempotency: Idempotency(key: "k", content: "c"))
        try await log.accept(accepted)
        #expect(try await log.record(accepted.id) == JobRecord(spec: spec(accepted.id), state: .queued))
    }

    @Test func `a job is under way until its end is confirmed, and then tells all of it`() async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        let rows = [1, 2].map { Samples.row(number: $0, startedAfter: .seconds($0)).attempt }
        let usage = TokenUsage(promptTokens: 1, completionTokens: 2)
        let settlement = Samples.settlement(.completed(Samples.answer, usage), attempts: rows)
        try await log.accept(Samples.spec(settlement.id))
        try await log.record(settlement)
        var expected = JobRecord(
            spec: spec(settlement.id), state: .inProgress, attempts: 2, startedAt: rows[0].startedAt,
            ledger: rows[0].encoded + [UInt8(ascii: ",")] + rows[1].encoded)
        #expect(try await log.record(settlement.id) == expected)
        clock.advance(.seconds(9))
        log.settled(settlement, .settled)
        try await log.flushed()
        expected.state = .completed
        expected.finishedAt = Samples.start + .seconds(9)
        expected.result = Samples.answer
        expected.usage = usage
        #expect(try await log.record(settlement.id) == expected)
    }

    @Test(arguments: [
        (Verdict.expired, JobState.expired, Optional(JobError.deadlineExceeded)), (.cancelled, .cancelled, nil),
        (.failed(.deadlineExceeded, answer: Samples.answer), .failed, .deadlineExceeded),
    ])
    func `an end without an answer says why`(_ verdict: Verdict, _ state: JobState, _ error: JobError?) async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let settlement = Samples.settlement(verdict, attempts: [])
        try await log.noteEnd(settlement)
        let record = try #require(try await log.record(settlement.id))
        #expect(record.state == state)
        #expect(record.error == error)
        #expect(record.result == (state == .failed ? Samples.answer : nil))
    }

    @Test func `a confirmed end counts before anything that came later`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let job = Samples.job()
        try await log.noteEnd(Samples.settlement(.cancelled, of: job, epoch: 1, attempts: []))
        try await log.record(Samples.settlement(of: job, epoch: 2))
        #expect(try await log.record(job)?.state == .cancelled)
        try await log.forgetEnd(job)
        #expect(try await log.record(job)?.state == .inProgress)
    }

    @Test func `a job that goes on after a retry waits again, with its ledger`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let settlement = Samples.settlement(.retry(after: .zero))
        try await log.accept(Samples.spec(settlement.id))
        try await log.record(settlement)
        log.settled(settlement, .settled)
        try await log.flushed()
        let record = try #require(try await log.record(settlement.id))
        #expect(record.state == .queued)
        #expect(record.attempts == 1)
    }

    @Test func `a job that was deleted is unknown at once, and only its attempts stay`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let settlement = Samples.settlement()
        try await log.accept(Samples.spec(settlement.id))
        try await log.record(settlement)
        log.settled(settlement, .settled)
        try await log.forget(settlement.id)
        #expect(try await log.record(settlement.id) == nil)
        #expect(try await log.unsettled(after: JournalMark(), limit: 9).elements.isEmpty)
        #expect(try await log.spooledCount() == 0)
        #expect(try await log.attempts(of: settlement.id).count == settlement.attempts.count)
    }
}
