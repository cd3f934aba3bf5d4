import NIOConcurrencyHelpers
import NIOCore
import Synchronization

/// One connection slot for ordinary commands. All callers append to one buffer under one lock; one flush on the event
/// loop carries the burst.
final class CommandLane: Sendable {
    typealias Answer = Result<[RedisReply], RedisError>
    private typealias Queue = CommandQueue<CheckedContinuation<Answer, Never>>

    private struct State: Sendable {
        var queue: Queue
        var link: RedisLink?
    }

    private let dialer: Dialer
    private let eventLoop: any EventLoop
    private let sweepInterval: TimeAmount
    private let state: NIOLockedValueBox<State>
    private let nextTicket = Atomic<UInt64>(0)

    init(_ dialer: Dialer) {
        let limits = CommandLimits(dialer.configuration)
        self.dialer = dialer
        eventLoop = dialer.nextEventLoop()
        sweepInterval = limits.sweepInterval
        state = NIOLockedValueBox(State(queue: Queue(limits: limits)))
    }

    var isConnected: Bool { state.withLockedValue { $0.queue.isOpen } }

    /// Keeps the connection until the task is cancelled; then everything that waits fails as `closed`.
    func run() async {
        await dialer.redialForever(
            on: eventLoop,
            RedisLink.Receiver(replies: { self.receive($1, from: $0) }, writable: { self.flush() }),
            linked: { link in self.linked(link) },
            lost: { reason in self.lost(reason) })
        fail(state.withLockedValue { $0.queue.close() })
    }

    /// Sends the commands together and returns their replies in order.
    func submit(replies: Int, encode: (inout ByteBuffer) -> Void) async throws(RedisError) -> [RedisReply] {
        let ticket = nextTicket.wrappingAdd(1, ordering: .relaxed).oldValue
        let answer: Answer = await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue(ticket, $0, replies: replies, encode: encode) }
        } onCancel: {
            fail(state.withLockedValue { $0.queue.cancel(ticket) }.map { [$0] } ?? [])
        }
        return try answer.get()
    }

    private func enqueue(
        _ ticket: UInt64, _ waiter: CheckedContinuation<Answer, Never>, replies: Int,
        encode: (inout ByteBuffer) -> Void
    ) {
        let now = NIODeadline.now()
        let acceptance: Queue.Acceptance = state.withLockedValue { state in
            // Asked inside the lock: the cancellation handler either ran before, or will find the ticket.
            if Task.isCancelled { return .refused((waiter, RedisError(.cancelled, "the caller was cancelled"))) }
            return state.queue.enqueue(ticket, waiter, replies: replies, now: now, encode: encode)
        }
        switch acceptance {
        case .refused(let failure): fail([failure])
        case .accepted(let flush, let startSweeping):
            if flush { eventLoop.execute { self.flush() } }
            if startSweeping { scheduleSweep() }
        }
    }

    /// On the event loop. While the socket takes no more, bytes stay here and their commands count as not sent.
    private func flush() {
        let now = NIODeadline.now()
        let (link, bytes) = state.withLockedValue { state -> (RedisLink?, ByteBuffer?) in
            guard let link = state.link, link.isWritable else { return (nil, nil) }
            return (link, state.queue.takeForWriting(now: now))
        }
        if let link, let bytes { link.write(bytes) }
    }

    /// On the event loop.
    private func receive(_ replies: [RedisReply], from link: RedisLink) {
        let now = NIODeadline.now()
        let delivery = state.withLockedValue { $0.queue.receive(replies, now: now) }
        for (waiter, replies) in delivery.answered { waiter.resume(returning: .success(replies)) }
        if let reason = delivery.end { link.end(reason) }
    }

    private func linked(_ link: RedisLink) {
        let flush = state.withLockedValue { state in
            state.link = link
            return state.queue.connected()
        }
        if flush { eventLoop.execute { self.flush() } }
    }

    private func lost(_ reason: RedisError) {
        fail(
            state.withLockedValue { state in
                state.link = nil
                return state.queue.connectionLost(reason)
            })
    }

    private func scheduleSweep() {
        eventLoop.scheduleTask(in: sweepInterval) { self.sweep() }
    }

    private func sweep() {
        let now = NIODeadline.now()
        let (link, sweep) = state.withLockedValue { ($0.link, $0.queue.sweep(now: now)) }
        fail(sweep.failed)
        if let reason = sweep.end { link?.end(reason) }
        if sweep.again { scheduleSweep() }
    }

    private func fail(_ failures: [Queue.Failure]) {
        for (waiter, error) in failures { waiter.resume(returning: .failure(error)) }
    }
}
