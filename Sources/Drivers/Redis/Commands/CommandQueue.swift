import DequeModule
import NIOCore

/// The commands of one connection slot, from the call to the reply, over losses of the connection.
///
/// Decides only; its owner keeps the lock, the link and the clock. Each waiter leaves it exactly once, through the
/// return value of one of its functions. Redis answers in the order of the questions, so the front of `written` is
/// whose reply comes next, also when its caller has gone.
struct CommandQueue<Waiter: Sendable>: Sendable {
    typealias Ticket = UInt64
    typealias Failure = (waiter: Waiter, error: RedisError)

    /// A call that has its waiter still: until its reply, its deadline or its cancellation.
    struct Pending: Sendable {
        let waiter: Waiter
        let position: UInt64
    }

    /// A call's place in the line; it stays when the caller has gone.
    struct Entry: Sendable {
        let ticket: Ticket
        let replies: Int
        let byteCount: Int
        let deadline: NIODeadline
    }

    enum Phase: Sendable, Equatable {
        /// No connection; the reason why the last one failed.
        case waiting(RedisError?)
        case open
        /// The connection gets nothing more and ends when what it owes has come.
        case draining(RedisError)
        case closed
    }

    enum Acceptance {
        case refused(Failure)
        case accepted(flush: Bool, startSweeping: Bool)
    }

    let limits: CommandLimits
    var phase = Phase.waiting(nil)
    var pending: [Ticket: Pending] = [:]
    var unwritten: Deque<Entry> = []
    var written: Deque<Entry> = []
    /// The bytes of `unwritten`, one behind the other.
    var outbound = ByteBuffer()
    /// Replies of the front of `written` that came before the last of them.
    var collected: [RedisReply] = []
    var commandCount = 0
    var byteCount = 0
    var lastProgress = NIODeadline.distantPast
    var isFlushing = false
    var isSweeping = false
    /// Whether callers of `unwritten` have gone.
    var hasAbandoned = false
    private var nextPosition: UInt64 = 0
    private var firstUnwritten: UInt64 = 0

    init(limits: CommandLimits) {
        self.limits = limits
    }

    var isOpen: Bool { phase == .open }

    /// Puts one call of `replies` commands at the end of the line.
    mutating func enqueue(
        _ ticket: Ticket, _ waiter: Waiter, replies: Int, now: NIODeadline, encode: (inout ByteBuffer) -> Void
    ) -> Acceptance {
        if phase == .closed { return .refused((waiter, .clientClosed)) }
        if let error = limits.refusal(commands: commandCount, adding: replies, bytes: byteCount) {
            return .refused((waiter, error))
        }
        let start = outbound.writerIndex
        encode(&outbound)
        let entry = Entry(
            ticket: ticket, replies: replies, byteCount: outbound.writerIndex - start, deadline: now + limits.timeout)
        pending[ticket] = Pending(waiter: waiter, position: nextPosition)
        nextPosition += 1
        unwritten.append(entry)
        commandCount += replies
        byteCount += entry.byteCount
        defer { isSweeping = true }
        return .accepted(flush: beginFlush(), startSweeping: !isSweeping)
    }

    /// A greeted connection is there. Returns whether there is something to write.
    mutating func connected() -> Bool {
        if phase == .closed { return false }
        phase = .open
        isFlushing = false
        return beginFlush()
    }

    private mutating func beginFlush() -> Bool {
        guard phase == .open, !isFlushing, !unwritten.isEmpty else { return false }
        isFlushing = true
        return true
    }

    /// All bytes that wait; from here on their commands count as sent.
    mutating func takeForWriting(now: NIODeadline) -> ByteBuffer? {
        guard phase == .open else { return nil }
        isFlushing = false
        dropAbandoned()
        guard !unwritten.isEmpty else { return nil }
        if written.isEmpty { lastProgress = now }
        written.append(contentsOf: unwritten)
        unwritten.removeAll(keepingCapacity: true)
        firstUnwritten = nextPosition
        defer { outbound = ByteBuffer() }
        return outbound
    }

    /// The caller has gone. The command is not sent any more if it can be helped; else its reply is thrown away.
    mutating func cancel(_ ticket: Ticket) -> Failure? {
        guard let call = pending.removeValue(forKey: ticket) else { return nil }
        let wasWritten = call.position < firstUnwritten
        if !wasWritten { hasAbandoned = true }
        return (call.waiter, RedisError(.cancelled, "the caller was cancelled", wasSent: wasWritten))
    }

    /// Takes commands that nobody waits for out of what is still to be sent.
    mutating func dropAbandoned() {
        guard hasAbandoned else { return }
        hasAbandoned = false
        var bytes = outbound
        var entries: Deque<Entry> = []
        outbound = ByteBuffer()
        for entry in unwritten {
            guard var command = bytes.readSlice(length: entry.byteCount) else { break }
            if pending[entry.ticket] == nil {
                forget(entry)
            } else {
                outbound.writeBuffer(&command)
                entries.append(entry)
            }
        }
        unwritten = entries
    }

    mutating func forget(_ entry: Entry) {
        commandCount -= entry.replies
        byteCount -= entry.byteCount
    }
}
