import JobFlow
import TestKit
import Testing

@testable import JobRunner

/// What a job asks of the pool, and what is claimed for a pool that costs extra.
@Suite struct SpillingTests {
    private func prompts(
        spill: SpillChoice, left: Duration?, horizon: Duration = .seconds(10), outcomes: CompletionOutcome...
    ) async throws -> [Prompt] {
        let bench = Bench()
        bench.configuration.rules.current.queues = [
            QueueWeight(queue: "default", weight: 1, spill: spill, region: "eastus")
        ]
        try await bench.submit(Samples.spec(deadline: left.map { bench.clock.now + $0 }))
        // The endpoint that is called next is told by how many were tried.
        let completer = ScriptedCompleter { _, tried in outcomes[tried.count] }
        let pipeline = RunOneJob(
            configuration: bench.configuration, completer: completer, audit: bench.audit,
            horizon: near(horizon), settle: bench.settle(), events: RunnerEvents(logger: bench.logger),
            now: { [clock = bench.clock] in clock.now }, isDraining: { false })
        await pipeline.run(try await bench.claim())
        return completer.seen.prompts
    }

    private func near(_ horizon: Duration) -> SpillHorizon {
        let near = SpillHorizon(partitions: 1)
        near[0] = horizon
        return near
    }

    @Test(
        arguments: [
            (.atDeadline, .seconds(10), .immediate), (.atDeadline, .milliseconds(10_001), .atDeadline),
            (.atDeadline, nil, .atDeadline), (.never, .seconds(1), .never), (.immediate, nil, .immediate),
        ] as [(SpillChoice, Duration?, SpillChoice)])
    func `a job whose deadline is near may cost extra, unless its queue says never`(
        spill: SpillChoice, left: Duration?, asked: SpillChoice
    ) async throws {
        let prompts = try await prompts(spill: spill, left: left, outcomes: Samples.answered())
        #expect(prompts.map(\.spill) == [asked] && prompts.map(\.region) == ["eastus"])
    }

    @Test func `only what repeats a call that counted asks the retry budget`() async throws {
        let prompts = try await prompts(
            spill: .atDeadline, left: nil,
            outcomes: Samples.failed(Samples.throttled(.seconds(1)), at: "one"),
            Samples.failed(Samples.failure("connection_failed", isEndpointsFault: true), at: "two"),
            Samples.failed(Samples.failure(), at: "three"), Samples.answered(by: "four"))
        #expect(prompts.map(\.isRetry) == [false, false, false, true])
    }

    @Test func `the pool is told for which endpoints the prompt was too long, and it costs no attempt`() async throws {
        let tooLong = Samples.failure("context_length_exceeded", remedy: .larger, isCounted: false)
        let prompts = try await prompts(
            spill: .atDeadline, left: nil, outcomes: Samples.failed(tooLong, at: "small", status: 400),
            Samples.answered(by: "large"))
        #expect(prompts.map(\.tooLongFor) == [[], ["small"]] && prompts.map(\.isRetry) == [false, false])
    }

    @Test(arguments: 0..<20)
    func `what can be called without extra cost is shared by all, the rest by those that may cost extra`(seed: UInt64) {
        let queues = [
            QueueWeight(queue: "now", weight: 1, spill: .immediate), QueueWeight(queue: "later", weight: 3),
            QueueWeight(queue: "never", weight: 2, spill: .never),
        ]
        var random = SeededGenerator(seed: seed)
        let shares = ClaimPlan.shares(queues, limit: 20, withoutExtraCost: 6, random: &random)
        #expect(shares.map(\.jobs) == [15, 3, 2] && shares.map(\.most) == [20, 6, 6])
        let none = ClaimPlan.shares(queues, limit: 20, withoutExtraCost: 0, random: &random)
        #expect(none.map(\.jobs) == [20, 0, 0] && none.map(\.most) == [20, 0, 0])
        let free = ClaimPlan.shares(queues, limit: 12, random: &random)
        #expect(free.map(\.jobs) == [2, 6, 4] && free.map(\.most) == [12, 12, 12])
    }

    @Test func `while only calls can be made that cost extra, the queues are looked at often, but not all the time`() {
        let capacity = PoolCapacity(calls: 0, spillCalls: .max, opensIn: .seconds(30))
        let rest = ClaimPlan.rest(after: ClaimRound(hasMore: true), room: 0, capacity: capacity, tick: .seconds(1))
        #expect(rest == .milliseconds(50))
    }
}
