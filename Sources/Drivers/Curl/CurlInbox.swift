/// What senders have asked of the loop since it last looked. A pure value: its owner takes the lock and does the waking.
struct CurlInbox: Sendable {
    enum Message: Sendable {
        case start(RunningTransfer)
        case cancel(UInt64)
        /// Who takes its answer piece by piece has room again.
        case resume(UInt64)
    }

    private(set) var messages: [Message] = []
    private(set) var isClosed = false
    private var isScheduled = false

    /// Whether the message is in, and whether the loop has to be woken for it.
    enum Posting: Sendable, Equatable {
        /// The first since the loop looked: wake it.
        case wake
        /// The loop is woken already.
        case queued
        /// Nobody will read it.
        case closed
    }

    mutating func post(_ message: Message) -> Posting {
        if isClosed { return .closed }
        messages.append(message)
        return schedule()
    }

    /// What was posted goes to the loop; nothing more comes in.
    mutating func close() -> Posting {
        if isClosed { return .closed }
        isClosed = true
        return schedule()
    }

    mutating func take() -> [Message] {
        isScheduled = false
        defer { messages = [] }
        return messages
    }

    private mutating func schedule() -> Posting {
        defer { isScheduled = true }
        return isScheduled ? .queued : .wake
    }
}
