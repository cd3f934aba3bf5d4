import NIOCore
import Synchronization

/// A call between its arrival and its end. It ends exactly once, whatever throws or vanishes in between.
final class OpenCall: Sendable {
    let arrival: Arrival
    let ticket: CallTicket
    private let channel: any Channel
    private let pool: SimulatedPool
    private let hasEnded = Atomic(false)

    init(_ arrival: Arrival, _ ticket: CallTicket, on channel: any Channel, _ pool: SimulatedPool) {
        self.arrival = arrival
        self.ticket = ticket
        self.channel = channel
        self.pool = pool
    }

    /// Only the first end counts; true when it was this one.
    @discardableResult
    func end(_ outcome: CallOutcome) -> Bool {
        guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        pool.end(arrival, ticket, outcome)
        return true
    }

    /// Resets the connection under the call. A call whose answer is on its way already keeps it.
    func cut() async {
        guard end(.reset) else { return }
        await ConnectionReset.reset(channel)
    }

    // An answer whose writing failed at once is dropped without a word to us: only the client can have gone.
    deinit { end(.clientAbort) }
}

/// The calls under way, so that a blackout finds them. They are not kept alive: a call that is dropped ends.
struct OpenCalls {
    private struct Entry {
        weak var call: OpenCall?
        let endpoint: Int
    }

    private var entries: [Int: Entry] = [:]

    mutating func begin(_ call: OpenCall) {
        entries[call.ticket.number] = Entry(call: call, endpoint: call.ticket.routed.served)
    }

    mutating func end(_ number: Int) { entries[number] = nil }

    func calls(at endpoint: Int) -> [OpenCall] {
        entries.values.compactMap { $0.endpoint == endpoint ? $0.call : nil }
    }
}
