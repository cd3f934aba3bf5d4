import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct JobRunTests {
    private func run(attempts: Int = 0, spent: Int = 0, rounds: Int = 0) -> JobRun {
        let claim = Claim(spec: Samples.spec(), epoch: 4, attempts: attempts, spent: spent, rounds: rounds)
        return JobRun(claim, worker: "w1")
    }

    private func report(_ failure: CallFailure, _ endpoint: String = "one", _ status: Int? = 500) throws -> CallReport {
        try #require(Samples.report(Samples.failed(failure, at: endpoint, status: status)))
    }

    @Test func `a row tells of the call`() throws {
        var run = run()
        run.record(try #require(Samples.report(Samples.answered())))
        let row = Attempt(
            number: 1, endpoint: "one", region: "eastus", tier: "ptu", worker: "w1", startedAt: Samples.start,
            endedAt: Samples.start + .seconds(2), outcome: .completed, statusCode: 200, reason: nil,
            delayMilliseconds: nil,
            billed: .yes, usage: TokenUsage(promptTokens: 7, completionTokens: 3), upstreamRequestID: "up-1")
        #expect(run.attempts == [row])
        #expect(run.tried == ["one"] && run.spent == 0 && run.lastFailure == nil)
    }

    @Test func `numbers go on after those of earlier claims`() throws {
        var run = run(attempts: 6, spent: 2, rounds: 2)
        #expect(run.prompt.attempt == 7 && run.round == 3)
        run.record(try report(Samples.failure()))
        #expect(run.prompt.attempt == 8)
        run.record(try report(Samples.failure(), "two"))
        #expect(run.attempts.map(\.number) == [7, 8])
        #expect(run.spent == 4 && run.tried == ["one", "two"])
    }

    @Test func `a row that was followed by another endpoint waited for nothing`() throws {
        var run = run()
        run.record(try report(Samples.failure("timeout")))
        run.record(try #require(Samples.report(Samples.answered(by: "two"))))
        let settlement = run.settlement(.completed(Samples.result("two"), nil))
        #expect(settlement.attempts.map(\.outcome) == [.retry, .completed])
        #expect(settlement.attempts.map(\.delayMilliseconds) == [0, nil])
        #expect(settlement.attempts.map(\.reason) == ["timeout", nil])
        #expect(settlement.spent == 1 && settlement.rounds == 0)
    }

    @Test func `a retry tells how long it waits, and is a round`() throws {
        var run = run(rounds: 3)
        run.record(try report(Samples.failure()))
        let settlement = run.settlement(.retry(after: .milliseconds(1234)))
        #expect(settlement.attempts.map(\.outcome) == [.retry])
        #expect(settlement.attempts.map(\.delayMilliseconds) == [1234])
        #expect(settlement.rounds == 4 && settlement.epoch == 4 && settlement.id == Samples.id())
    }

    @Test func `a failure stays one, with no wait`() throws {
        var run = run()
        run.record(try report(Samples.failure(remedy: .giveUp), "one", 400))
        let settlement = run.settlement(.failed(Samples.failure().error, answer: nil))
        #expect(settlement.attempts.map(\.outcome) == [.failed])
        #expect(settlement.attempts.map(\.delayMilliseconds) == [nil])
        #expect(settlement.attempts.map(\.statusCode) == [400])
        #expect(settlement.rounds == 0)
    }

    @Test func `a job that expired keeps the row of its last failure`() throws {
        var run = run()
        run.record(try report(Samples.failure()))
        let settlement = run.settlement(.expired)
        #expect(settlement.attempts.map(\.outcome) == [.failed])
        #expect(settlement.rounds == 0 && settlement.spent == 1)
    }

    @Test func `a call that was given back is charged to nobody`() throws {
        var run = run(spent: 2, rounds: 1)
        run.record(try report(Samples.cancelled, "one", nil))
        let settlement = run.settlement(.released(after: .zero))
        #expect(settlement.attempts.map(\.outcome) == [.released])
        #expect(settlement.attempts.map(\.delayMilliseconds) == [nil])
        #expect(settlement.spent == 2 && settlement.rounds == 1)
    }

    @Test func `a claim without a call has no rows`() {
        var run = run(attempts: 2, spent: 1, rounds: 1)
        let settlement = run.settlement(.released(after: .seconds(2)))
        #expect(settlement.attempts.isEmpty && settlement.spent == 1 && settlement.rounds == 1)
    }

    @Test func `throttled calls are charged to nobody, and the shortest wait is kept`() throws {
        var run = run(spent: 1)
        #expect(run.shortestThrottle == nil)
        run.record(try report(Samples.throttled(.seconds(2)), "one", 429))
        run.record(try report(Samples.throttled(.seconds(60)), "two", 429))
        run.record(try report(Samples.throttled(nil), "three", 429))
        #expect(run.spent == 1 && run.shortestThrottle == .seconds(2))
    }
}
