import JobFlow
import Metrics
import MetricsTestKit
import TestKit
import Testing

@testable import JobRunner

/// A disk that is full, a queue that is away, a worker that is going, a lease that is lost.
@Suite struct RunOneJobTroubleTests {
    private static let away = StoreError(.unavailable, "nobody answers")

    @Test func `an audit log that fails does not hold back the answer`() async throws {
        let bench = Bench(audit: RecordingAudit(fails: true))
        try await bench.submit(Samples.spec())
        #expect(try await bench.run(ScriptedCompleter(Samples.answered())).state == .completed)
        #expect(bench.messages(of: Samples.id()).contains("attempts are missing in the audit log"))
    }

    @Test func `the audit log has the rows before the queue has the settlement`() async throws {
        let bench = Bench(settleErrors: [StoreError(.protocolViolation, "nonsense")])
        try await bench.submit(Samples.spec())
        try await bench.run(ScriptedCompleter(Samples.answered()))
        #expect(bench.audit.rows.count == 1)
        #expect(try await bench.record().state == .inProgress)
    }

    @Test func `a queue that was away gets the settlement once`() async throws {
        let bench = Bench(settleErrors: [Self.away, StoreError(.refusesWrites, "out of memory"), Self.away])
        try await bench.submit(Samples.spec())
        let completer = ScriptedCompleter(Samples.answered())
        #expect(try await bench.run(completer).state == .completed)
        #expect(completer.seen.prompts.count == 1)
        let sent = bench.store.seen.settlements
        // The lease may have run out while it was away: then the answer still counts, if nobody else has the job.
        #expect(sent.map(\.occasion) == [.claim, .late, .late, .late])
        var late = sent[0]
        late.occasion = .late
        #expect(sent.dropFirst().allSatisfy { $0 == late })
        #expect(try await bench.ledger().count == 1)
        #expect(bench.audit.rows.count == 1)
    }

    @Test func `a queue that wrote and lost the connection writes no second row`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        let unreliable = UnreliableJobStore(bench.store)
        let claim = try await bench.claim()
        unreliable.mode = .failingAfterwards(Self.away)
        let events = RunnerEvents(logger: bench.logger)
        let settle = SettleReliably(store: unreliable, events: events, patience: .seconds(60))
        let job = RunOneJob(
            configuration: bench.configuration, completer: ScriptedCompleter(Samples.answered()), audit: bench.audit,
            settle: settle, events: events, now: { bench.clock.now }, isDraining: { false })
        try await withThrowingTaskGroup { group in
            group.addTask { await job.run(claim) }
            try await eventually { bench.store.seen.settlements.count >= 2 }
            unreliable.mode = .working
            try await group.waitForAll()
        }
        #expect(try await bench.record().state == .completed)
        #expect(try await bench.ledger().count == 1)
    }

    @Test func `a settlement that comes too late is counted, and changes nothing`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        let late = try await bench.claim()
        bench.clock.advance(by: bench.configuration.lease)
        let holder = try await bench.claim(worker: "w2")
        let metrics = TestMetrics()
        _ = await withMetricsFactory(metrics) { await bench.pipeline(ScriptedCompleter(Samples.answered())).run(late) }
        #expect(metrics.counterTotal(label: "sluice_settlements_lost_total") == 1)
        #expect(metrics.counterTotal(label: "sluice_jobs_finished_total") == 0)
        #expect(metrics.counterTotal(label: "sluice_attempts_total") == 1)
        #expect(bench.messages(of: Samples.id()).contains("a settlement came too late and was not written"))
        #expect(try await bench.record().state == .inProgress)
        await bench.pipeline(ScriptedCompleter(Samples.answered(by: "two"))).run(holder)
        #expect(try await bench.record().result?.endpoint == "two")
        #expect(bench.audit.rows.count == 2)
    }

    @Test func `a settlement that cannot be written is counted`() async throws {
        let bench = Bench(settleErrors: [StoreError(.protocolViolation, "nonsense")])
        try await bench.submit(Samples.spec())
        let metrics = TestMetrics()
        let claim = try await bench.claim()
        _ = await withMetricsFactory(metrics) { await bench.pipeline(ScriptedCompleter(Samples.answered())).run(claim) }
        #expect(metrics.counterTotal(label: "sluice_settlements_lost_total") == 1)
        #expect(bench.messages(of: Samples.id()).contains("a settlement could not be written"))
    }

    @Test func `a job that completes is counted with its attempts and tokens`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        let metrics = TestMetrics()
        let claim = try await bench.claim()
        let completer = ScriptedCompleter(Samples.failed(Samples.failure()), Samples.answered(by: "two"))
        _ = await withMetricsFactory(metrics) { await bench.pipeline(completer).run(claim) }
        let finished = [("queue", "default"), ("status", "completed")]
        #expect(metrics.counterTotal(label: "sluice_jobs_finished_total", dimensions: finished) == 1)
        let retried = [("endpoint", "one"), ("outcome", "retry"), ("reason", "server_error")]
        #expect(metrics.counterTotal(label: "sluice_attempts_total", dimensions: retried) == 1)
        #expect(metrics.counterTotal(label: "sluice_retries_total") == 1)
        #expect(metrics.counterTotal(label: "sluice_tokens_total") == 10)
        #expect(metrics.timers(label: "sluice_job_duration_seconds").flatMap(\.values).count == 1)
    }

    @Test func `a draining worker does not fail over`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        let completer = ScriptedCompleter(Samples.failed(Samples.failure()))
        let record = try await bench.run(completer, isDraining: true)
        #expect(record.state == .scheduled && completer.seen.prompts.count == 1)
    }

    @Test func `a call that is cut off is given back, and its job runs again`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec(maxAttempts: 1))
        let record = try await bench.run(ScriptedCompleter(Samples.failed(Samples.cancelled)), isDraining: true)
        #expect(record.state == .queued && record.attempts == 1)
        #expect(try await bench.ledger().map(\.outcome) == [.released])
        #expect(try await bench.run(ScriptedCompleter(Samples.answered())).state == .completed)
        #expect(try await bench.ledger().map(\.number) == [1, 2])
    }

    @Test func `no line of the log holds a prompt, an answer or a key`() async throws {
        let bench = Bench(audit: RecordingAudit(fails: true), settleErrors: [Self.away])
        try await bench.submit(Samples.spec(body: #"{"messages":"SECRET-PROMPT"}"#))
        let answer = JobResult(statusCode: 400, body: Array(#"{"error":"SECRET-ANSWER"}"#.utf8), endpoint: "one")
        try await bench.run(ScriptedCompleter(Samples.failed(Samples.failure(remedy: .giveUp, answer: answer))))
        #expect(!bench.log.isEmpty)
        #expect(bench.log.allSatisfy { !"\($0)".contains("SECRET") })
    }
}
