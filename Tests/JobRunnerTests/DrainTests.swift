import JobFlow
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import JobRunner

@Suite(.timeLimit(.minutes(3))) struct DrainTests {
    /// Answers when the gate opens; a call that is cancelled before says so.
    private func held(by gate: Latch) -> ScriptedCompleter {
        ScriptedCompleter { _, _ in
            await gate.wait()
            return Task.isCancelled ? Samples.failed(Samples.cancelled) : Samples.answered()
        }
    }

    @Test func `a running job may finish, and no other is begun`() async throws {
        let bench = Bench()
        let gate = Latch()
        let completer = held(by: gate)
        try await bench.submit(Samples.spec(1))
        try await withRunner(bench.runner(completer)) { trigger in
            try await eventually { completer.seen.running == 1 }
            trigger.triggerGracefulShutdown()
            try await eventually { bench.messages().contains("draining") }
            // A claim that was on its way when the stop was asked for has come back by then.
            let renewed = bench.store.seen.claims.count
            try await bench.submit(Samples.spec(2))
            gate.open()
            try await eventually { try await bench.record(Samples.id(1)).state == .completed }
            #expect(bench.store.seen.claims.count <= renewed + 1)
        }
        #expect(try await bench.ledger(Samples.id(1)).map(\.outcome) == [.completed])
    }

    @Test func `what has not finished in time is given back, uncharged`() async throws {
        var bench = Bench()
        bench.configuration.drain = .milliseconds(10)
        let completer = held(by: Latch())
        for number in 1...5 { try await bench.submit(Samples.spec(number, maxAttempts: 1)) }
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 5 }
        }
        for number in 1...5 {
            let record = try await bench.record(Samples.id(number))
            #expect(record.state == .queued)
            let row = try #require(try await bench.ledger(Samples.id(number)).first)
            #expect(row.outcome == .released && row.reason == "cancelled")
        }
        let settlements = bench.store.seen.settlements
        #expect(
            settlements.count == 5 && settlements.allSatisfy { $0.spent == 0 && $0.verdict == .released(after: .zero) })
        #expect(Set(bench.audit.rows.map(\.job)).count == 5)
        let claim = try await bench.claim(worker: "w2")
        #expect(claim.spent == 0 && claim.attempts == 1)
    }

    @Test func `jobs are given back though the queue is away at that moment`() async throws {
        var bench = Bench(settleErrors: Array(repeating: StoreError(.unavailable, "nobody answers"), count: 3))
        bench.configuration.drain = .milliseconds(10)
        let completer = held(by: Latch())
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
        }
        #expect(try await bench.record().state == .queued)
        #expect(bench.store.seen.settlements.count == 4)
    }

    @Test func `a worker without work stops at once`() async throws {
        var bench = Bench()
        bench.configuration.drain = .seconds(3600)
        bench.configuration.tick = .seconds(3600)
        try await withRunner(bench.runner(ScriptedCompleter(Samples.answered()))) { _ in
            try await eventually { !bench.store.seen.claims.isEmpty }
        }
        #expect(bench.messages().contains("draining"))
    }

    @Test func `a worker that is cancelled gives back at once`() async throws {
        var bench = Bench()
        bench.configuration.drain = .seconds(3600)
        let runner = bench.runner(held(by: Latch()))
        try await bench.submit(Samples.spec())
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup { group in
                group.addTask { try await runner.run() }
                try await eventually { try await bench.record().state == .inProgress }
                throw CancellationError()
            }
        }
        #expect(try await bench.record().state == .queued)
    }

    @Test func `a job that fails while the worker drains waits for its retry elsewhere`() async throws {
        let bench = Bench()
        let gate = Latch()
        let completer = ScriptedCompleter { _, _ in
            await gate.wait()
            return Samples.failed(Samples.failure())
        }
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { trigger in
            try await eventually { completer.seen.running == 1 }
            trigger.triggerGracefulShutdown()
            try await eventually { bench.messages().contains("draining") }
            gate.open()
        }
        #expect(try await bench.record().state == .scheduled)
        #expect(completer.seen.prompts.count == 1)
    }
}
