import Synchronization

/// A call between its arrival and its end. It ends exactly once, whatever throws or vanishes in between.
final class OpenCall: Sendable {
    let arrival: Arrival
    let ticket: CallTicket
    private let pool: SimulatedPool
    private let hasEnded = Atomic(false)

    init(_ arrival: Arrival, _ ticket: CallTicket, _ pool: SimulatedPool) {
        self.arrival = arrival
        self.ticket = ticket
        self.pool = pool
    }

    /// Only the first end counts.
    func end(_ outcome: CallOutcome) {
        guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pool.end(arrival, ticket, outcome)
    }

    // An answer whose writing failed at once is dropped without a word to us: only the client can have gone.
    deinit { end(.clientAbort) }
}
