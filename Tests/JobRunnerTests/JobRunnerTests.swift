import JobFlow
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import JobRunner

/// Runs a worker while `body` goes on, then asks it to stop, and returns when it has.
func withRunner(_ runner: JobRunner, _ body: (GracefulShutdownTestTrigger) async throws -> Void) async throws {
    try await testGracefulShutdown { trigger in
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            try await body(trigger)
            trigger.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }
}

@Suite(.timeLimit(.minutes(3))) struct JobRunnerTests {
    @Test func `many jobs run at once, but never more than allowed`() async throws {
        var bench = Bench()
        bench.configuration.concurrency = 8
        let gate = Latch()
        let completer = ScriptedCompleter { _, _ in
            await gate.wait()
            return Samples.answered()
        }
        for number in 1...60 { try await bench.submit(Samples.spec(number)) }
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 8 }
            #expect(completer.seen.prompts.count == 8)
            gate.open()
            for number in 1...60 {
                try await eventually { try await bench.record(Samples.id(number)).state == .completed }
            }
        }
        #expect(completer.seen.mostRunning == 8)
        #expect(completer.seen.prompts.count == 60)
        #expect(bench.store.seen.claims.allSatisfy { $0.limit <= 8 + 8 / 4 && $0.worker == "w1" })
        #expect(Set(bench.audit.rows.map(\.job)).count == 60)
    }

    @Test func `a worker fills all its slots at once, though no call ends meanwhile`() async throws {
        var bench = Bench()
        bench.configuration.concurrency = 1_000
        bench.configuration.tick = .seconds(60)
        let gate = Latch()
        let completer = ScriptedCompleter { _, _ in
            await gate.wait()
            return Samples.answered()
        }
        for number in 1...500 { try await bench.submit(Samples.spec(number)) }
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 500 }
            gate.open()
        }
    }

    @Test func `a worker claims nothing while the pool can take nothing`() async throws {
        let bench = Bench()
        let completer = ScriptedCompleter(Samples.answered())
        completer.setCapacity(PoolCapacity(calls: 0, opensIn: .milliseconds(2)))
        for number in 1...10 { try await bench.submit(Samples.spec(number)) }
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { bench.store.seen.claims.count >= 5 }
            let before = bench.store.seen.claims
            #expect(before.allSatisfy { $0.limit == 0 } && completer.seen.prompts.isEmpty)
            #expect(try await bench.record(Samples.id(1)).state == .queued)
            completer.setCapacity(PoolCapacity(calls: 3))
            for number in 1...10 {
                try await eventually { try await bench.record(Samples.id(number)).state == .completed }
            }
        }
        #expect(bench.store.seen.claims.allSatisfy { $0.limit <= 3 })
    }

    @Test func `room that the pool finds by itself is used at once`() async throws {
        var bench = Bench()
        bench.configuration.tick = .seconds(60)
        let completer = ScriptedCompleter(Samples.answered())
        completer.setCapacity(PoolCapacity(calls: 0))
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { bench.store.seen.claims.count >= 1 }
            completer.setCapacity(PoolCapacity(calls: 3))
            let start = ContinuousClock.now
            completer.open()
            try await eventually { try await bench.record().state == .completed }
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func `the end of a job is no reason to look at a queue that had nothing more`() async throws {
        var bench = Bench()
        bench.configuration.tick = .seconds(60)
        let gates = Dictionary(uniqueKeysWithValues: (1...20).map { (Samples.id($0), Latch()) })
        let completer = ScriptedCompleter { prompt, _ in
            await gates[prompt.job]?.wait()
            return Samples.answered()
        }
        for number in 1...20 { try await bench.submit(Samples.spec(number)) }
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 20 }
            for (id, gate) in gates {
                gate.open()
                try await eventually { try await bench.record(id).state == .completed }
            }
        }
        // The first, and one for the marker of the submissions.
        #expect(bench.store.seen.claims.count <= 3)
    }

    @Test func `a failed job comes back when it is due, and completes`() async throws {
        var bench = Bench()
        bench.configuration.tick = .seconds(60)
        bench.configuration.rules.current.schedule = RetrySchedule(base: .milliseconds(10), jitter: 0)
        let completer = ScriptedCompleter { prompt, tried in
            guard tried.isEmpty else { return .exhausted }
            return prompt.attempt < 3 ? Samples.failed(Samples.failure()) : Samples.answered()
        }
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually {
                bench.clock.advance(by: .milliseconds(1))
                return try await bench.record().state == .completed
            }
        }
        #expect(try await bench.ledger().map(\.outcome) == [.retry, .retry, .completed])
        #expect(try await bench.ledger().map(\.delayMilliseconds) == [10, 20, nil])
    }

    @Test func `a queue that is away for a while is worked on when it is back`() async throws {
        let bench = Bench()
        let unreliable = UnreliableJobStore(bench.store)
        unreliable.mode = .failing(StoreError(.unavailable, "nobody answers"))
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(ScriptedCompleter(Samples.answered()), store: unreliable)) { _ in
            try await eventually { bench.messages().contains("the queue cannot be reached") }
            unreliable.mode = .working
            try await eventually { try await bench.record().state == .completed }
            try await eventually { bench.messages().contains("the queue can be reached again") }
        }
    }

    @Test func `a long call keeps its lease`() async throws {
        var bench = Bench()
        bench.configuration.lease = .milliseconds(60)
        let gate = Latch()
        let completer = ScriptedCompleter { _, _ in
            await gate.wait()
            return Samples.answered()
        }
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
            for _ in 0..<5 {
                bench.clock.advance(by: .milliseconds(40))
                // The first of them may have been on its way before the clock moved.
                let renewed = bench.store.seen.renewals.count
                try await eventually { bench.store.seen.renewals.count >= renewed + 2 }
            }
            gate.open()
            try await eventually { try await bench.record().state == .completed }
        }
        #expect(try await bench.ledger().map(\.outcome) == [.completed])
        #expect(completer.seen.prompts.count == 1)
    }

    @Test func `the job of a dead worker is taken over`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        _ = try await bench.claim(worker: "dead")
        try await withRunner(bench.runner(ScriptedCompleter(Samples.answered()))) { _ in
            bench.clock.advance(by: bench.configuration.lease)
            try await eventually { try await bench.record().state == .completed }
        }
        #expect(try await bench.ledger().map(\.outcome) == [.abandoned, .completed])
        #expect(try await bench.ledger().map(\.number) == [1, 2])
        #expect(bench.messages().contains("leases of dead workers taken back"))
    }
}
