import DequeModule
import NIOCore

extension CommandQueue {
    struct Delivery {
        var answered: [(waiter: Waiter, replies: [RedisReply])] = []
        /// Why the connection has to end now.
        var end: RedisError?
    }

    /// Hands replies to whose turn it is. A replica's refusal to write drains the connection: the next one may reach
    /// the new primary.
    mutating func receive(_ replies: [RedisReply], now: NIODeadline) -> Delivery {
        var delivery = Delivery()
        guard isConnected else { return delivery }
        lastProgress = now
        for reply in replies {
            guard let entry = written.first else {
                delivery.end = RedisError(.protocolViolation, "a reply that nothing was asked for")
                return delivery
            }
            if case .error(let message) = reply { noteRole(RedisError(reply: message)) }
            collected.append(reply)
            if collected.count == entry.replies { complete(entry, &delivery) }
        }
        if case .draining(let reason) = phase, written.isEmpty { delivery.end = reason }
        return delivery
    }

    private var isConnected: Bool {
        switch phase {
        case .open, .draining: true
        case .waiting, .closed: false
        }
    }

    private mutating func noteRole(_ error: RedisError) {
        if error.code == .readOnly, phase == .open { phase = .draining(error) }
    }

    private mutating func complete(_ entry: Entry, _ delivery: inout Delivery) {
        written.removeFirst()
        forget(entry)
        if let call = pending.removeValue(forKey: entry.ticket) {
            delivery.answered.append((call.waiter, collected))
        }
        collected = []
    }
}
