import JobFlow
import Synchronization

/// The slots of a worker, and the jobs that were claimed a moment too early and wait for one.
final class SlotLine: Sendable {
    private struct Waiter {
        var ticket: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var slots: RunnerSlots
        var line: [Waiter] = []
        var lastTicket = 0
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(slots: RunnerSlots(limit: limit))) }

    var now: RunnerSlots { state.withLock { $0.slots } }

    func took(_ jobs: Int) { state.withLock { $0.slots.took(jobs) } }

    func drain() { state.withLock { $0.slots.drain() } }

    /// Returns when the job has a slot: true; or when its task is cancelled: false.
    func enter() async -> Bool {
        if state.withLock({ $0.slots.enter() }) { return true }
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let hasSlot = state.withLock({ Self.stand(Waiter(ticket: ticket, continuation: continuation), &$0) })
                {
                    continuation.resume(returning: hasSlot)
                }
            }
        } onCancel: {
            giveUp(ticket)
        }
    }

    /// Nil when it stands in the line.
    private static func stand(_ waiter: Waiter, _ state: inout State) -> Bool? {
        if state.slots.enter() { return true }
        // Asked inside the lock: the cancellation handler either ran before, or will find the ticket.
        guard !Task.isCancelled else {
            state.slots.gaveUp()
            return false
        }
        state.line.append(waiter)
        return nil
    }

    private func giveUp(_ ticket: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let place = state.line.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            state.slots.gaveUp()
            return state.line.remove(at: place)
        }
        waiter?.continuation.resume(returning: false)
    }

    /// A job calls no more: its slot goes to the next in line.
    func called(at uptime: Duration) {
        let waiter = state.withLock { state -> Waiter? in
            state.slots.called(at: uptime)
            return !state.line.isEmpty && state.slots.enter() ? state.line.removeFirst() : nil
        }
        waiter?.continuation.resume(returning: true)
    }

    /// A job is done with. Returns whether this may have made room.
    func released() -> Bool {
        state.withLock { state in
            // A claim may be under way that looked at the slots before: so well before the bound.
            let wasNearlyFull = state.slots.held > state.slots.limit
            state.slots.released()
            return wasNearlyFull
        }
    }
}
