import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct NotedTests {
    @Test func `a lease that was taken back is there once, whoever tells of it and how often`() async throws {
        let folder = try TemporaryFolder()
        let logs = [try folder.log(), try folder.log()]
        defer { for log in logs { log.close() } }
        let row = Samples.row(number: 3, endpoint: "", outcome: .abandoned)
        var later = row
        later.attempt.endedAt = row.attempt.endedAt + .milliseconds(3)
        for log in logs { log.note([row, later], []) }
        for log in logs { try await log.flushed() }
        #expect(try await logs[0].attempts(of: row.job) == [row])
    }

    @Test func `a job that nobody held when it ended is an end that was confirmed`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let error = JobError(code: "crash_limit", message: "it killed its workers", type: "server_error")
        let ended = [
            EndedJob(spec: Samples.spec(), epoch: 4, verdict: .expired),
            EndedJob(spec: Samples.spec(), epoch: 5, verdict: .failed(error, answer: nil)),
        ]
        for _ in 0..<2 { log.note([], ended) }
        try await log.flushed()
        let confirmed = try await log.confirmed()
        #expect(confirmed.map(\.id) == ended.map(\.id).reversed())
        #expect(confirmed.map(\.verdict) == ended.map(\.verdict).reversed())
        #expect(confirmed.map(\.epoch) == [5, 4])
        #expect(confirmed.allSatisfy { $0.worker.isEmpty && $0.attempts.isEmpty && $0.occasion == .restored })
    }

    @Test func `a cancellation is an end that was confirmed, whatever its claim was recorded as`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let claim = Samples.settlement(.retry(after: .zero))
        try await log.record(claim)
        let end = Samples.settlement(.cancelled, of: claim.id, attempts: [])
        for _ in 0..<2 { try await log.noteEnd(end) }
        #expect(try await log.unsettled().isEmpty)
        #expect(try await log.confirmed() == [end.stored(as: .restored)])
    }

    @Test func `an end that was forgotten is not restored`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let (job, other) = (Samples.job(), Samples.job())
        for id in [job, other] { try await log.noteEnd(Samples.settlement(.cancelled, of: id, attempts: [])) }
        try await log.forgetEnd(job)
        #expect(try await log.confirmed().map(\.id) == [other])
    }

    @Test func `an end that is still to be confirmed is forgotten, an answer that waits is not`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let job = Samples.job()
        let error = JobError(code: "server_error", message: "no", type: "server_error")
        let answer = Samples.settlement(of: job, epoch: 1)
        let failure = Samples.settlement(.failed(error, answer: nil), of: job, epoch: 2)
        for settlement in [answer, failure] { try await log.record(settlement) }
        try await log.forgetEnd(job)
        log.settled(failure, .settled)
        try await log.flushed()
        #expect(try await log.confirmed().isEmpty)
        #expect(try await log.unsettled() == [answer.stored(as: .late)])
    }

    @Test func `each kind of process remembers its own server of a partition`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        #expect(try await log.lastServer(.worker, partition: 1) == nil)
        try await log.remember(ServerIdentity("old"), .worker, partition: 1)
        try await log.remember(ServerIdentity("new\u{0}"), .worker, partition: 1)
        try await log.remember(ServerIdentity("other"), .intake, partition: 1)
        #expect(try await log.lastServer(.worker, partition: 1) == ServerIdentity("new\u{0}"))
        #expect(try await log.lastServer(.intake, partition: 1) == ServerIdentity("other"))
        #expect(try await log.lastServer(.intake, partition: 2) == nil)
    }
}
