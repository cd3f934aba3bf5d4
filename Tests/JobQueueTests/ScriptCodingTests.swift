import JobFlow
import Redis
import TestKit
import Testing

@testable import JobQueue

@Suite struct `What scripts are given and answer` {
    private let configuration = QueueConfiguration(
        queues: ["default"], resultTTL: ["batch": .seconds(60)], defaultResultTTL: .seconds(10))

    private func text(_ reply: String) -> RedisReply { .bytes(Array(reply.utf8)[...]) }

    @Test func `a submission has thirteen arguments a job, and its payload is one of them`() {
        let jobs = [Samples.spec(1), Samples.spec(2, deadline: Samples.start)].map {
            SubmitJobs.Submission(spec: $0, client: .asks)
        }
        let arguments = SubmitJobs.arguments(jobs, configuration)
        #expect(arguments.count == 26)
        guard case .bytes(let payload) = arguments[2] else {
            Issue.record("no payload")
            return
        }
        let (spec, meta) = (jobs[0].spec, jobs[0].spec.encodedMeta)
        #expect(payload == Array("\(spec.queue) \(meta.count) ".utf8) + meta + spec.body)
    }

    @Test func `the outcomes of submissions are read`() {
        let id = Samples.id(1)
        let reply = RedisReply.array([
            .array([text("accepted")]), .array([text("duplicate"), text("\(id)")]),
            .array([text("conflict"), text("\(id)")]), .array([text("aliased"), text("\(id)")]), .array([text("full")]),
            .array([text("caller_full")]),
        ])
        #expect(
            SubmitJobs.outcomes(reply) == [
                .accepted, .duplicate(of: id), .conflict(with: id), .aliased(to: id), .full, .callerFull,
            ])
    }

    private let request = ClaimRequest(
        partition: 0, worker: "w", lease: .seconds(30), limit: 4, round: 7, server: ServerIdentity("s"),
        shares: [QueueShare(queue: "default", jobs: 3), QueueShare(queue: "batch", jobs: 1)])

    @Test(arguments: [
        RedisReply.null, .integer(1), .array([.integer(1)]), .array([.array([])]), .error("ERR"),
    ])
    func `replies of another shape are refused`(_ reply: RedisReply) {
        #expect(SubmitJobs.outcomes(reply) == nil)
        #expect(ClaimJobs.reply(reply, to: request) == nil)
        #expect(TakeCensus.census([reply, reply], queues: []) == nil)
        #expect(throws: StoreError.self) { try record(reply) }
    }

    @Test func `a duplicate of a job that is none of ours is refused`() {
        #expect(SubmitJobs.outcomes(.array([.array([text("duplicate"), text("nonsense")])])) == nil)
    }

    @Test func `a settlement has twenty-one arguments, also without rows and answer`() {
        let claim = Claim(spec: Samples.spec(1), epoch: 1)
        let verdicts: [Verdict] = [
            .completed(Samples.result(), nil), .retry(after: .seconds(1)), .failed(.deadlineExceeded, answer: nil),
            .expired, .released(after: .zero), .cancelled,
        ]
        let settlements = verdicts.map {
            Settlement(claim: claim, verdict: $0, attempts: [], spent: 0, rounds: 0)
        }
        #expect(SettleClaims.arguments(settlements, configuration).count == 21 * verdicts.count)
    }

    @Test func `a claim names each queue with its share and its time to keep`() {
        let arguments = ClaimJobs.arguments(request, configuration)
        #expect(arguments.count == 12 + 2 * 4)
        guard case .integer(10_000) = arguments[15], case .integer(60_000) = arguments[19] else {
            Issue.record("other times to keep: \(arguments)")
            return
        }
    }

    @Test func `a round is read, with and without a retry that waits`() throws {
        let spec = Samples.spec(1).stored
        let (id, meta) = (text("\(spec.id)"), RedisReply.bytes(spec.encodedMeta[...]))
        let row = Attempt(
            number: 1, endpoint: "", region: "", tier: "", worker: "w", startedAt: Samples.start,
            endedAt: Samples.start,
            outcome: .abandoned, reason: "lease_expired", billed: .maybe)
        let reply = RedisReply.array([
            .array([]), .integer(1), .integer(-1), .array([.array([id, meta, .bytes(row.encoded[...])])]),
            .array([
                .array([id, meta, .integer(3), text("expired"), .bytes(JobError.deadlineExceeded.encoded[...])])
            ]), .array([.integer(2), .integer(5)]),
        ])
        let round = try #require(self.round(reply))
        #expect(round.hasMore)
        #expect(round.deadlines == [2, 5])
        #expect(round.nextDueIn == nil)
        #expect(
            round.reclaimed == [
                ReclaimedJob(spec: spec, attempt: row)
            ])
        #expect(round.ended == [EndedJob(spec: spec, epoch: 3, verdict: .expired)])
        let due = RedisReply.array([.array([]), .integer(0), .integer(15), .array([]), .array([]), .array([])])
        #expect(self.round(due)?.nextDueIn == .milliseconds(15))
    }

    @Test func `a claim on another server is read as that`() {
        guard case .serverChanged? = ClaimJobs.reply(.array([]), to: request) else {
            Issue.record("an empty reply means another server")
            return
        }
    }

    private func round(_ reply: RedisReply) -> ClaimRound? {
        if case .round(let round)? = ClaimJobs.reply(reply, to: request) { round } else { nil }
    }

    private func record(_ reply: RedisReply) throws -> JobRecord? {
        try ReadRecord.record(try #require(try ReadRecord.found(reply)))
    }

    @Test func `a record that nobody can read is an error, no record is none`() throws {
        let none = RedisReply.array(ReadRecord.fields.map { _ in .null })
        let id = text(Samples.id(1).description)
        #expect(try record(.array([id, none])) == nil)
        var foreign = ReadRecord.fields.map { _ in RedisReply.null }
        foreign[0] = text("queued")
        #expect(throws: StoreError.self) { try record(.array([id, .array(foreign)])) }
        foreign[0] = text("sleeping")
        #expect(throws: StoreError.self) { try record(.array([id, .array(foreign)])) }
    }

    @Test func `a census counts known states and forgets the rest`() {
        let time = RedisReply.array([text("1700000010"), text("500000")])
        let counts = RedisReply.array(
            ["a:queued", "3", "a:b:failed", "2", "a:dreaming", "9", "odd"].map(text))
        let head = RedisReply.array([.array([text("1700000000000-0"), .array([])])])
        let census = TakeCensus.census([time, counts, .array([text("a:b")]), head, .array([])], queues: ["a", "a:b"])
        #expect(
            census == [
                QueueCensus(queue: "a", counts: [.queued: 3], oldestAge: .milliseconds(10_500)),
                QueueCensus(queue: "a:b", counts: [.failed: 2], oldestAge: .zero, isPaused: true),
            ])
    }

    @Test func `partitions are added up`() {
        let one = [QueueCensus(queue: "a", counts: [.queued: 1], oldestAge: .seconds(3))]
        let two = [QueueCensus(queue: "a", counts: [.queued: 2, .failed: 1], oldestAge: .seconds(1))]
        #expect(
            TakeCensus.sum([one, two]) == [
                QueueCensus(queue: "a", counts: [.queued: 3, .failed: 1], oldestAge: .seconds(3))
            ])
        #expect(TakeCensus.sum([]).isEmpty)
    }
}

extension JobSpec {
    fileprivate var stored: JobSpec {
        var copy = self
        copy.body = []
        return copy
    }
}
