import JobFlow
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import JobRecovery

@Suite(.timeLimit(.minutes(5))) struct `A worker tells a server that it does not know` {
    @Test func `the answers that the server had written and forgot, each under its own job`() async throws {
        let machine = Machine()
        for number in 1...3 { try await machine.accept(Samples.spec(number)) }
        let before = machine.queue.memory
        for claim in try await machine.claim(3) { try await machine.end(claim, Machine.answer("\(claim.spec.id)")) }
        machine.queue.restart(with: before)
        #expect(try await machine.state(Samples.id(1)) == .queued)

        let server = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.store.server(0).identity == server)
        for number in 1...3 {
            #expect(try await machine.answer(Samples.id(number)) == "\"\(Samples.id(number))\"")
            #expect(try await machine.ledger(Samples.id(number)) == [1])
        }
        #expect(try await machine.claim(3).isEmpty)
    }

    @Test func `the answers that the next server forgot as well, long after`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        let before = machine.queue.memory
        try await machine.end(try await machine.claim()[0], Machine.answer("a"))
        machine.queue.restart(with: before)
        machine.clock.advance(by: .seconds(3600))
        _ = try await machine.claim(0)
        let beforeIsTold = machine.queue.memory
        _ = try await machine.worker.recover(0, holding: [])
        machine.queue.restart(with: beforeIsTold)
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"a\"")
    }

    @Test func `answers of jobs that the server knows nothing of any more`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("a"))
        machine.queue.restart(with: nil)
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"a\"")
        #expect(try await machine.store.record(Samples.id(1))?.spec.correlationID == "req-1")
    }

    @Test func `an answer whose worker died before the queue heard of it`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("paid"), isTold: false)
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"paid\"")
        #expect(machine.journal.unsettledCount == 0)
        #expect(try await machine.ledger(Samples.id(1)) == [1])
    }

    @Test func `a paid answer though its lease was taken back meanwhile, behind the row that says so`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("paid"), isTold: false)
        machine.clock.advance(by: Machine.lease)
        #expect(try await machine.claim(0).isEmpty)
        #expect(try await machine.state(Samples.id(1)) == .queued)
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"paid\"")
        #expect(try await machine.ledger(Samples.id(1)) == [1, 2])
    }

    @Test func `an answer that the queue forgot before the journal had its word, though the job is gone`() async throws
    {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        let settlement = try await machine.end(try await machine.claim()[0], Machine.answer("read"), isTold: false)
        #expect(try await machine.store.settle(settlement) == .settled)
        machine.queue.restart(with: nil)
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"read\"")
    }

    @Test func `all it can though the disk takes nothing more`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("a"))
        machine.queue.restart(with: nil)
        machine.journal.isReadOnly = true
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"a\"")
    }

    @Test func `nothing of a claim that somebody else has taken over`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("old"), isTold: false)
        machine.clock.advance(by: Machine.lease)
        let heir = try await machine.claim(worker: "w2")[0]
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.state(Samples.id(1)) == .inProgress)
        #expect(machine.journal.unsettledCount == 0)
        try await machine.end(heir, Machine.answer("new"))
        #expect(try await machine.answer(Samples.id(1)) == "\"new\"")
    }

    @Test func `the claims that it holds, though the server forgot them, or their jobs`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        let before = machine.queue.memory
        try await machine.accept(Samples.spec(2))
        let held = try await machine.claim(2)
        machine.queue.restart(with: before)
        _ = try await machine.worker.recover(0, holding: held)
        for number in 1...2 { #expect(try await machine.state(Samples.id(number)) == .inProgress) }
        #expect(try await machine.claim(5, worker: "w2").isEmpty)
        for claim in held { try await machine.end(claim, Machine.answer("a")) }
        for number in 1...2 { #expect(try await machine.answer(Samples.id(number)) == "\"a\"") }
    }

    @Test func `the last end of a job that was run again by hand`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], .failed(.deadlineExceeded, answer: nil))
        #expect(try await machine.queue.retry(Samples.id(1)) == .done)
        try await machine.end(try await machine.claim()[0], Machine.answer("second"))
        machine.queue.restart(with: nil)
        _ = try await machine.worker.recover(0, holding: [])
        #expect(try await machine.answer(Samples.id(1)) == "\"second\"")
    }

    @Test func `nothing twice: a server that it told before is only asked who it is`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("a"))
        let first = try await machine.worker.recover(0, holding: [])
        // Nobody but an operator takes a job away; the recovery does not bring it back to a server that it knows.
        #expect(try await machine.queue.delete(Samples.id(1)) == .done)
        #expect(try await machine.worker.recover(0, holding: []) == first)
        #expect(try await machine.state(Samples.id(1)) == nil)
    }

    @Test func `as soon as it can be reached, and claims nothing before`() async throws {
        let machine = Machine()
        machine.store.mode = .failing(StoreError(.unavailable, "nobody answers"))
        let error = await #expect(throws: StoreError.self) { try await machine.worker.recover(0, holding: []) }
        #expect(error?.isRetriable == true)
        machine.store.mode = .working
        machine.journal.fails = true
        let unread = await #expect(throws: StoreError.self) { try await machine.worker.recover(0, holding: []) }
        #expect(unread?.isRetriable == true)
    }

    @Test func `settlements that were kept while the same server could not be reached`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        try await machine.end(try await machine.claim()[0], Machine.answer("kept"), isTold: false)
        let service = WorkerRecovery(machine.recovery, lease: .milliseconds(2))
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await service.run() }
                try await eventually { try await machine.state(Samples.id(1)) == .completed }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }
}
