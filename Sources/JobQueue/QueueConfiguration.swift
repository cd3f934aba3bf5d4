import JobFlow

/// What the queue needs to know of worker.json.
package struct QueueConfiguration: Sendable {
    /// Names of the queues, in the order in which they are served when shares are left over.
    package var queues: [String]
    package var partitions: Int
    /// How long the record of a completed, cancelled or expired job is kept, by queue.
    package var resultTTL: [String: Duration]
    package var defaultResultTTL: Duration
    /// How long an idempotency key is remembered.
    package var idempotencyTTL: Duration
    /// How long a request of an SDK is remembered. The SDKs wait up to 600 s for an answer before they send it again.
    package var resendTTL: Duration
    /// A job that was running when its worker died so often is not tried again.
    package var crashLimit: Int

    package init(
        queues: [String], partitions: Int = 1, resultTTL: [String: Duration] = [:],
        defaultResultTTL: Duration = .seconds(86_400), idempotencyTTL: Duration = .seconds(86_400),
        resendTTL: Duration = .seconds(900),
        crashLimit: Int = 3
    ) {
        self.queues = queues
        self.partitions = partitions
        self.resultTTL = resultTTL
        self.defaultResultTTL = defaultResultTTL
        self.idempotencyTTL = idempotencyTTL
        self.resendTTL = resendTTL
        self.crashLimit = crashLimit
    }

    func ttlMilliseconds(_ queue: String) -> Int {
        Int((resultTTL[queue] ?? defaultResultTTL).wholeMilliseconds)
    }
}
