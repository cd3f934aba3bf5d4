/// A job as far as the pool can tell it from others. Kept small: there may be a million of them.
package struct RehearsedJob: Sendable, Equatable {
    /// Milliseconds from the start.
    package var arrival: Int64
    /// The same; nil for a job that has all the time of the world.
    package var deadline: Int64?
    package var model: String?
    /// Bytes of everything that the model reads: what the worker estimates from.
    package var promptBytes: Int32
    /// Tokens that they turn out to be.
    package var promptTokens: Int32
    /// `max_tokens` of the request; nil if it names none.
    package var outputLimit: Int32?
    /// Tokens of its answer.
    package var outputTokens: Int32
    package var maxAttempts: Int16
    /// Position in the setup's queues.
    package var queue: Int16

    package init(
        arrival: Duration = .zero, deadline: Duration? = nil, model: String? = nil, promptTokens: Int,
        promptBytes: Int? = nil, outputLimit: Int? = nil, outputTokens: Int, maxAttempts: Int = 5, queue: Int = 0
    ) {
        self.arrival = Self.milliseconds(arrival)
        self.deadline = deadline.map(Self.milliseconds)
        self.model = model
        self.promptTokens = Int32(clamping: promptTokens)
        self.promptBytes = Int32(clamping: promptBytes ?? promptTokens * 4)
        self.outputLimit = outputLimit.map { Int32(clamping: $0) }
        self.outputTokens = Int32(clamping: outputTokens)
        self.maxAttempts = Int16(clamping: maxAttempts)
        self.queue = Int16(clamping: queue)
    }

    private static func milliseconds(_ time: Duration) -> Int64 {
        let (seconds, attoseconds) = time.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
