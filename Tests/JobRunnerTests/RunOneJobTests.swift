import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct RunOneJobTests {
    private let bench = Bench()

    @Test func `a job completes`() async throws {
        try await bench.submit(Samples.spec())
        let completer = ScriptedCompleter(Samples.answered())
        let record = try await bench.run(completer)
        #expect(record.state == .completed && record.result == Samples.result())
        #expect(record.usage == TokenUsage(promptTokens: 7, completionTokens: 3))
        #expect(completer.seen.prompts.map(\.body) == [Samples.spec().body])
        #expect(completer.seen.prompts.map(\.correlationID) == ["req-1"])
        let row = try #require(try await bench.ledger().first)
        #expect(row.number == 1 && row.outcome == .completed && row.worker == "w1" && row.delayMilliseconds == nil)
        #expect(bench.audit.rows.map(\.attempt) == [row])
        #expect(bench.audit.rows.map(\.correlationID) == ["req-1"])
    }

    @Test func `a dead endpoint costs one failed call`() async throws {
        try await bench.submit(Samples.spec())
        let completer = ScriptedCompleter(Samples.failed(Samples.failure(), status: 500), Samples.answered(by: "two"))
        let record = try await bench.run(completer)
        #expect(record.state == .completed && record.result?.endpoint == "two")
        #expect(completer.seen.tried == [[], ["one"]])
        #expect(completer.seen.prompts.map(\.attempt) == [1, 2])
        let rows = try await bench.ledger()
        #expect(rows.map(\.outcome) == [.retry, .completed])
        #expect(rows.map(\.delayMilliseconds) == [0, nil])
        #expect(rows.map(\.endpoint) == ["one", "two"] && rows.map(\.number) == [1, 2])
        #expect(bench.audit.rows.map(\.attempt) == rows)
        #expect(bench.store.seen.settlements.count == 1)
    }

    @Test func `endpoints that cannot be reached do not cost a job its only attempt while another is left`()
        async throws
    {
        try await bench.submit(Samples.spec(maxAttempts: 1))
        let dead = Samples.failure("connection_failed", isEndpointsFault: true)
        let completer = ScriptedCompleter(
            Samples.failed(dead), Samples.failed(dead), Samples.answered(by: "three"))
        let record = try await bench.run(completer)
        #expect(record.state == .completed && record.result?.endpoint == "three")
        #expect(try await bench.ledger().map(\.outcome) == [.retry, .retry, .completed])
    }

    @Test func `a pool that cannot be reached at all is charged, and ends the job`() async throws {
        try await bench.submit(Samples.spec(maxAttempts: 1))
        let dead = Samples.failure("connection_failed", isEndpointsFault: true)
        let record = try await bench.run(ScriptedCompleter(Samples.failed(dead), Samples.failed(dead), .exhausted))
        #expect(record.state == .failed && record.error == dead.error)
        #expect(try await bench.ledger().map(\.outcome) == [.retry, .failed])
    }

    @Test func `a job that no endpoint can take now backs off and comes again`() async throws {
        try await bench.submit(Samples.spec())
        var record = try await bench.run(ScriptedCompleter(Samples.failed(Samples.failure()), .exhausted))
        #expect(record.state == .scheduled)
        let wait = try #require(record.nextAttemptAt) - bench.clock.now
        #expect((.milliseconds(450)...(.milliseconds(550))).contains(wait))
        #expect(try await bench.ledger().map(\.delayMilliseconds) == [wait.wholeMilliseconds])
        bench.clock.advance(by: wait)
        let second = ScriptedCompleter(Samples.answered())
        record = try await bench.run(second)
        #expect(record.state == .completed)
        #expect(second.seen.prompts.map(\.attempt) == [2] && second.seen.tried == [[]])
        #expect(try await bench.ledger().map(\.number) == [1, 2])
    }

    @Test func `the waits of a job grow, and it fails when its attempts are spent`() async throws {
        try await bench.submit(Samples.spec(maxAttempts: 4))
        var waits: [Duration] = []
        for _ in 0..<3 {
            let record = try await bench.run(ScriptedCompleter(Samples.failed(Samples.failure()), .exhausted))
            let wait = try #require(record.nextAttemptAt) - bench.clock.now
            waits.append(wait)
            bench.clock.advance(by: wait)
        }
        for (wait, seconds) in zip(waits, [0.5, 1, 2]) {
            #expect(abs(wait.inSeconds - seconds) <= seconds * 0.1 + 0.001)
        }
        let record = try await bench.run(ScriptedCompleter(Samples.failed(Samples.failure("timeout")), .exhausted))
        #expect(record.state == .failed && record.error?.code == "timeout")
        #expect(try await bench.ledger().map(\.outcome) == [.retry, .retry, .retry, .failed])
    }

    @Test func `a throttled call is not charged`() async throws {
        try await bench.submit(Samples.spec(maxAttempts: 1))
        for round in 1...5 {
            let throttled = Samples.failed(Samples.throttled(.seconds(2)), status: 429)
            let record = try await bench.run(ScriptedCompleter(throttled, .exhausted))
            #expect(record.state == .scheduled && record.attempts == round)
            #expect(try #require(record.nextAttemptAt) - bench.clock.now == .seconds(2))
            bench.clock.advance(by: .seconds(2))
        }
        #expect(bench.store.seen.settlements.map(\.spent) == [0, 0, 0, 0, 0])
        #expect(try await bench.run(ScriptedCompleter(Samples.answered())).state == .completed)
    }

    @Test func `a job waits for the endpoint that opens first`() async throws {
        try await bench.submit(Samples.spec())
        let record = try await bench.run(
            ScriptedCompleter(
                Samples.failed(Samples.throttled(.seconds(1)), at: "ptu", status: 429),
                Samples.failed(Samples.throttled(.seconds(60)), at: "standard", status: 429), .exhausted))
        #expect(try #require(record.nextAttemptAt) - bench.clock.now == .seconds(1))
        #expect(try await bench.ledger().map(\.delayMilliseconds) == [0, 1000])
    }

    @Test func `a request at fault fails at once, with the upstream's answer`() async throws {
        try await bench.submit(Samples.spec())
        let answer = JobResult(statusCode: 400, body: Array(#"{"error":{}}"#.utf8), endpoint: "one")
        let refused = Samples.failure("content_filter", remedy: .giveUp, answer: answer)
        let completer = ScriptedCompleter(Samples.failed(refused, status: 400))
        let record = try await bench.run(completer)
        #expect(record.state == .failed && record.error == refused.error && record.result == answer)
        #expect(completer.seen.prompts.count == 1)
        #expect(try await bench.ledger().map(\.outcome) == [.failed])
    }

    @Test func `a model that no endpoint serves fails the job without a call`() async throws {
        try await bench.submit(Samples.spec(model: "gpt-9"))
        let record = try await bench.run(ScriptedCompleter(.unserved))
        #expect(record.state == .failed && record.error?.code == "model_not_found")
        #expect(record.attempts == 0 && bench.audit.rows.isEmpty)
    }

    @Test func `a full pool gives the job back, uncharged and without a row`() async throws {
        try await bench.submit(Samples.spec(maxAttempts: 1))
        let record = try await bench.run(ScriptedCompleter(.unavailable(retryAfter: .seconds(3))))
        #expect(record.state == .scheduled && record.attempts == 0)
        #expect(record.nextAttemptAt == bench.clock.now + .seconds(3))
        #expect(bench.store.seen.settlements.map(\.spent) == [0])
        #expect(bench.store.seen.settlements.map(\.rounds) == [0])
    }

    @Test func `a job whose deadline has passed makes no call`() async throws {
        try await bench.submit(Samples.spec(deadline: Samples.start + .seconds(5)))
        let claim = try await bench.claim()
        bench.clock.advance(by: .seconds(5))
        let completer = ScriptedCompleter(Samples.answered())
        await bench.pipeline(completer).run(claim)
        #expect(try await bench.record().state == .expired)
        #expect(completer.seen.prompts.isEmpty)
    }

    @Test func `a job that no endpoint can answer in time expires without a call`() async throws {
        try await bench.submit(Samples.spec(deadline: Samples.start + .seconds(5)))
        let record = try await bench.run(ScriptedCompleter(.tooLate))
        #expect(record.state == .expired)
        #expect(record.attempts == 0)
    }

    @Test func `a job that would wait past its deadline expires now`() async throws {
        try await bench.submit(Samples.spec(deadline: Samples.start + .milliseconds(300)))
        let record = try await bench.run(ScriptedCompleter(Samples.failed(Samples.failure()), .exhausted))
        #expect(record.state == .expired && record.attempts == 1)
    }

    @Test func `an answer that came after the deadline is not thrown away`() async throws {
        try await bench.submit(Samples.spec(deadline: Samples.start + .seconds(5)))
        let clock = bench.clock
        let completer = ScriptedCompleter { _, _ in
            clock.advance(by: .seconds(9))
            return Samples.answered()
        }
        #expect(try await bench.run(completer).state == .completed)
    }
}
