import JobFlow
import TestKit
import Testing

@testable import JobRecovery

@Suite(.timeLimit(.minutes(5))) struct `A fleet of several machines` {
    private let clock = ManualWallClock()

    /// Two machines that both have told the first server; the second has an answer that the next server has forgotten.
    private func fleet() async throws -> (Machine, Machine) {
        let one = Machine("one", clock: clock)
        let two = Machine("two", clock: clock, queue: one.queue)
        for machine in [one, two] { _ = try await machine.worker.recover(0, holding: []) }
        try await two.accept(Samples.spec(1))
        let before = one.queue.memory
        try await two.end(try await two.claim()[0], Machine.answer("known to two"))
        one.queue.restart(with: before)
        return (one, two)
    }

    @Test func `a worker waits until the other machines have told what only they know`() async throws {
        let (one, two) = try await fleet()
        async let recovered = one.worker.recover(0, holding: [])
        // However long it looks, the other one has not told anything.
        for _ in 1...50 { await Task.yield() }
        #expect(try await one.state(Samples.id(1)) == .queued)
        _ = try await two.worker.recover(0, holding: [])
        _ = try await recovered
        #expect(try await one.claim().isEmpty)
        #expect(try await one.answer(Samples.id(1)) == "\"known to two\"")
    }

    @Test func `a machine that does not come back is waited for one lease`() async throws {
        let (one, _) = try await fleet()
        clock.advance(by: Machine.lease)
        _ = try await one.worker.recover(0, holding: [])
        #expect(try await one.claim().count == 1)
    }

    @Test func `a machine that was gone before is not waited for`() async throws {
        let one = Machine("one", clock: clock)
        let two = Machine("two", clock: clock, queue: one.queue)
        for machine in [one, two] { _ = try await machine.worker.recover(0, holding: []) }
        clock.advance(by: Machine.lease * 2 + .seconds(1))
        try await one.accept(Samples.spec(1))
        one.queue.restart(with: one.queue.memory)
        _ = try await one.worker.recover(0, holding: [])
        #expect(try await one.claim().count == 1)
    }
}
