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
        slots.took(8)
        #expect(slots.room(plenty) == 2)
        slots.took(2)
        #expect(slots.room(plenty) == 0)
        slots.called()
        slots.released()
        #expect(slots.room(plenty) == 1)
    }

    @Test func `while an end is written the next job calls, up to a bound`() {
        var slots = RunnerSlots(limit: 2)
        slots.took(2)
        slots.called()
        #expect(slots.room(plenty) == 1)
        slots.took(1)
        slots.called()
        slots.called()
        #expect(slots.calling == 0 && slots.room(plenty) == 1)
        slots.took(1)
        #expect(slots.calling == 1 && slots.room(plenty) == 0)
        slots.released()
        #expect(slots.room(plenty) == 1)
    }

    @Test func `a draining worker has no room, whatever becomes free`() {
        var slots = RunnerSlots(limit: 10)
        slots.took(5)
        slots.drain()
        #expect(slots.isDraining && slots.room(plenty) == 0)
        slots.called()
        slots.released()
        #expect(slots.room(plenty) == 0 && slots.held == 4)
    }

    @Test func `a claim is held until it is released`() {
        let held = HeldClaims(limit: 2)
        let claims = [Claim(spec: Samples.spec(1), epoch: 1), Claim(spec: Samples.spec(2), epoch: 1)]
        held.take(claims)
        #expect(held.slots.calling == 2)
        #expect(Set(held.claims.map(\.spec.id)) == [Samples.id(1), Samples.id(2)])
        #expect(!held.release(claims[0]))
        #expect(held.claims == [claims[1]])
        #expect(held.slots.held == 1)
        held.drain()
        #expect(held.slots.isDraining)
    }

    @Test func `the end of an old claim leaves a later one of the same job alone`() {
        let held = HeldClaims(limit: 2)
        let old = Claim(spec: Samples.spec(), epoch: 1)
        let new = Claim(spec: Samples.spec(), epoch: 2)
        held.take([old])
        held.take([new])
        #expect(!held.release(old))
        #expect(held.claims == [new])
        #expect(held.slots.held == 1)
        #expect(!held.release(new))
        #expect(held.claims.isEmpty && held.slots.held == 0)
    }

    @Test func `a worker that reaches the queue grows younger`() throws {
        let liveness = Liveness()
        #expect(liveness.age >= .zero)
        liveness.beat()
        let young = liveness.age
        #expect(liveness.age >= young)
    }
}
