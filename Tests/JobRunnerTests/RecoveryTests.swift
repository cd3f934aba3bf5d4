import JobFlow
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import JobRunner

@Suite(.timeLimit(.minutes(3))) struct RecoveryTests {
    /// Calls hang until they are closed, or the gate opens.
    private static func held(by gate: Latch) -> ScriptedCompleter {
        ScriptedCompleter { _, _ in
            await gate.wait()
            return Task.isCancelled ? Samples.failed(Samples.cancelled) : Samples.answered()
        }
    }

    @Test func `a worker looks at a server before it claims from it, and again when it has changed`() async throws {
        let bench = Bench()
        let gate = Latch()
        let completer = Self.held(by: gate)
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
            #expect(bench.recovery.heldClaims == [[]])
            bench.queue.restart(with: bench.queue.memory)
            try await eventually { bench.recovery.heldClaims.count == 2 }
            #expect(bench.recovery.heldClaims[1].map(\.spec.id) == [Samples.id()])
            try await bench.submit(Samples.spec(2))
            try await eventually { completer.seen.running == 2 }
            gate.open()
            for number in 1...2 {
                try await eventually { try await bench.record(Samples.id(number)).state == .completed }
            }
        }
        #expect(Set(bench.store.seen.claims.map(\.server)).count == 2)
    }

    @Test func `a round whose reply was lost brings its jobs all the same, uncharged`() async throws {
        let bench = Bench()
        let unreliable = UnreliableJobStore(bench.store)
        unreliable.mode = .failingAfterwards(StoreError(.unavailable, "the connection broke"))
        try await bench.submit(Samples.spec())
        let completer = ScriptedCompleter(Samples.answered())
        try await withRunner(bench.runner(completer, store: unreliable)) { _ in
            try await eventually { try await bench.record().state == .inProgress }
            unreliable.mode = .working
            try await eventually { try await bench.record().state == .completed }
        }
        #expect(try await bench.ledger().map(\.outcome) == [.completed])
        #expect(completer.seen.prompts.map(\.attempt) == [1])
    }

    @Test func `the answer of a job that the server has forgotten altogether ends it`() async throws {
        let bench = Bench()
        let gate = Latch()
        let completer = Self.held(by: gate)
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
            bench.queue.restart(with: nil)
            gate.open()
            try await eventually { try await bench.store.record(Samples.id())?.state == .completed }
        }
        #expect(bench.audit.answers.map(\.outcome) == [.settled])
    }

    @Test func `a running job that is cancelled is closed at once, and says so in the ledger`() async throws {
        var bench = Bench()
        bench.configuration.lease = .seconds(3600)
        let completer = Self.held(by: Latch())
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
            #expect(try await bench.queue.cancel(Samples.id()) == .cancelled(epoch: 1, from: .inProgress))
            try await eventually { completer.seen.running == 0 }
            try await eventually { try await bench.ledger().count == 1 }
        }
        let row = try #require(try await bench.ledger().first)
        #expect(row.outcome == .cancelled && row.reason == "cancelled")
        #expect(try await bench.record().state == .cancelled)
        #expect(bench.messages().contains("a running job was cancelled, its call is closed"))
        #expect(!bench.messages().contains("a settlement came too late and was not written"))
    }

    @Test func `a cancellation that nobody heard of is found by the next renewal`() async throws {
        var bench = Bench()
        bench.configuration.lease = .milliseconds(30)
        let completer = Self.held(by: Latch())
        try await bench.submit(Samples.spec())
        let deaf = JobRunner(
            configuration: bench.configuration, store: bench.store, control: InMemoryJobStore(now: { Samples.start }),
            recovery: bench.recovery, completer: completer, audit: bench.audit, now: { Samples.start },
            logger: bench.logger)
        try await withRunner(deaf) { _ in
            try await eventually { completer.seen.running == 1 }
            _ = try await bench.queue.cancel(Samples.id())
            try await eventually { completer.seen.running == 0 }
            try await eventually { try await bench.ledger().count == 1 }
        }
        #expect(try await bench.ledger().first?.reason == "cancelled")
        #expect(!bench.messages().contains("a lease was lost, its call is closed"))
    }

    @Test func `a settlement that the queue cannot be told stays in the journal, and the slot is free again`()
        async throws
    {
        var bench = Bench(settleErrors: Array(repeating: StoreError(.unavailable, "nobody answers"), count: 1_000_000))
        bench.configuration.lease = .milliseconds(20)
        bench.configuration.concurrency = 1
        for number in 1...2 { try await bench.submit(Samples.spec(number)) }
        let completer = ScriptedCompleter(Samples.answered())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.prompts.count == 2 }
        }
        #expect(bench.audit.settlements.map(\.id) == [Samples.id(1), Samples.id(2)])
        #expect(bench.audit.answers.isEmpty)
        #expect(bench.messages().contains("a settlement is kept until the queue can be reached"))
    }

    @Test func `jobs that ended while nobody held them are noted in the journal`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec(1, deadline: bench.clock.now + .seconds(1)))
        let completer = ScriptedCompleter(Samples.answered())
        completer.setCapacity(PoolCapacity(calls: 0, opensIn: .milliseconds(2)))
        bench.clock.advance(by: .seconds(2))
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { bench.audit.ended.map(\.id) == [Samples.id(1)] }
        }
        #expect(bench.audit.ended.map(\.verdict) == [.expired])
    }

    @Test func `a second request to stop hands running jobs back at once`() async throws {
        var bench = Bench()
        bench.configuration.drain = .seconds(3600)
        let completer = Self.held(by: Latch())
        let runner = bench.runner(completer)
        try await bench.submit(Samples.spec())
        try await withRunner(runner) { trigger in
            try await eventually { completer.seen.running == 1 }
            trigger.triggerGracefulShutdown()
            try await eventually { bench.messages().contains("draining") }
            runner.hurry()
            try await eventually { try await bench.record().state == .queued }
        }
        #expect(try await bench.ledger().map(\.outcome) == [.released])
        #expect(bench.messages().contains("hurrying"))
    }
}
