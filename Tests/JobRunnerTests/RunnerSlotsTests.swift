import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct RunnerSlotsTests {
    private let plenty = PoolCapacity(calls: .max)

    @Test func `room is what neither the worker nor the pool forbids`() {
        var slots = RunnerSlots(limit: 10)
        #expect(slots.room(plenty) == 10)
        #expect(slots.room(PoolCapacity(calls: 3)) == 3)
        #expect(slots.room(PoolCapacity(calls: 0)) == 0)
        take(10, of: &slots)
        #expect(slots.room(plenty) == 0)
        slots.called()
        slots.released()
        #expect(slots.room(plenty) == 1)
    }

    @Test func `what was claimed and does not call yet has its place already, here and in the pool`() {
        var slots = RunnerSlots(limit: 10)
        slots.took(4)
        #expect(slots.room(plenty) == 6)
        #expect(slots.room(PoolCapacity(calls: 5)) == 1)
        #expect(slots.room(PoolCapacity(calls: 2)) == 0)
    }

    @Test func `while an end is written the next job calls, up to a bound`() {
        var slots = RunnerSlots(limit: 2)
        take(2, of: &slots)
        slots.called()
        #expect(slots.room(plenty) == 1)
        take(1, of: &slots)
        slots.called()
        slots.called()
        #expect(slots.calling == 0 && slots.room(plenty) == 1)
        take(1, of: &slots)
        #expect(slots.calling == 1 && slots.room(plenty) == 0)
        slots.released()
        #expect(slots.room(plenty) == 1)
    }

    @Test func `a draining worker has no room, whatever becomes free`() {
        var slots = RunnerSlots(limit: 10)
        take(5, of: &slots)
        slots.drain()
        #expect(slots.isDraining && slots.room(plenty) == 0)
        slots.called()
        slots.released()
        #expect(slots.room(plenty) == 0 && slots.held == 4)
    }

    @Test func `where slots become free fast, as many jobs are claimed ahead as will find one`() {
        var slots = RunnerSlots(limit: 100)
        take(100, of: &slots)
        for number in 1...32 {
            slots.called(at: .milliseconds(number))
            take(1, of: &slots)
        }
        #expect(slots.room(plenty, at: .milliseconds(33)) == 8)
        #expect(slots.room(PoolCapacity(calls: 1), at: .milliseconds(33)) == 1)
        #expect(slots.room(plenty, at: .seconds(10)) == 0)
        // However fast: not a second worker's share.
        #expect(slots.room(plenty, at: .milliseconds(1)) == 25)
    }

    private func take(_ jobs: Int, of slots: inout RunnerSlots) {
        slots.took(jobs)
        for _ in 0..<jobs {
            let hasSlot = slots.enter()
            #expect(hasSlot)
        }
    }

    @Test func `who comes too early waits for a slot, in turn`() async {
        let line = SlotLine(limit: 1)
        line.took(3)
        #expect(await line.enter())
        await withTaskGroup(of: Bool.self) { group in
            for _ in 1...2 { group.addTask { await line.enter() } }
            line.called(at: .zero)
            #expect(await group.next() == true)
            #expect(line.now.calling == 1 && line.now.waiting == 1)
            line.called(at: .zero)
            #expect(await group.next() == true)
        }
        #expect(line.now.calling == 1 && line.now.waiting == 0)
    }

    @Test func `who is cancelled while it waits has no slot, and takes none from others`() async {
        let line = SlotLine(limit: 1)
        line.took(2)
        #expect(await line.enter())
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await line.enter() }
            group.cancelAll()
            #expect(await group.next() == false)
        }
        #expect(line.now.calling == 1 && line.now.waiting == 0)
        line.called(at: .zero)
        line.took(1)
        #expect(await line.enter())
    }

    @Test func `a claim is held until it is released`() {
        let held = HeldClaims(limit: 2)
        let claims = [Claim(spec: Samples.spec(1), epoch: 1), Claim(spec: Samples.spec(2), epoch: 1)]
        held.take(claims)
        #expect(held.slots.now.waiting == 2)
        #expect(Set(held.claims.map(\.spec.id)) == [Samples.id(1), Samples.id(2)])
        #expect(!held.release(claims[0]))
        #expect(held.claims == [claims[1]])
        #expect(held.slots.now.held == 1)
        held.slots.drain()
        #expect(held.slots.now.isDraining)
    }

    @Test func `the end of an old claim leaves a later one of the same job alone`() {
        let held = HeldClaims(limit: 2)
        let old = Claim(spec: Samples.spec(), epoch: 1)
        let new = Claim(spec: Samples.spec(), epoch: 2)
        held.take([old])
        held.take([new])
        #expect(!held.release(old))
        #expect(held.claims == [new])
        #expect(held.slots.now.held == 1)
        #expect(!held.release(new))
        #expect(held.claims.isEmpty && held.slots.now.held == 0)
    }

    @Test func `a worker that reaches the queue grows younger`() throws {
        let liveness = Liveness()
        #expect(liveness.age >= .zero)
        liveness.claimed()
        let young = liveness.age
        #expect(liveness.age >= young)
        #expect(liveness.hasClaimed)
    }

    @Test func `a worker that does not reach the queue is live, and has not claimed`() {
        let liveness = Liveness()
        let start = ContinuousClock.now
        while .now - start < .milliseconds(2) {}
        liveness.turned()
        #expect(liveness.claimAge > liveness.age)
        #expect(!liveness.hasClaimed)
    }
}
