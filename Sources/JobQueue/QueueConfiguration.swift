import JobFlow
import Redis

/// What the queue needs to know of worker.json.
package struct QueueConfiguration: Sendable {
    /// Names of the queues, in the order in which they are served when shares are left over.
    package var queues: [String]
    package var partitions: Int
    /// How many jobs may wait in a queue; none for a queue that is not named.
    package var maximumLength: [String: Int]
    /// How long the record of a completed, cancelled or expired job is kept, by queue.
    package var resultTTL: [String: Duration]
    package var defaultResultTTL: Duration
    /// How long an idempotency key is remembered.
    package var idempotencyTTL: Duration
    /// How long a request of an SDK is remembered. The SDKs wait up to 600 s for an answer before they send it again.
    package var resendTTL: Duration
    /// A job that was running when its worker died so often is not tried again.
    package var crashLimit: Int
    /// How many answers each partition stores for equal jobs, and how large they may be.
    package var cachedAnswers: Int
    package var cachedAnswerBytes: Int
    /// How long the log of a streamed job is kept after its last entry; never longer than the record.
    package var streamTTL: Duration
    /// About the most entries in one.
    package var streamEntries: Int

    package init(
        queues: [String], partitions: Int = 1, maximumLength: [String: Int] = [:], resultTTL: [String: Duration] = [:],
        defaultResultTTL: Duration = .seconds(86_400), idempotencyTTL: Duration = .seconds(86_400),
        resendTTL: Duration = .seconds(900),
        crashLimit: Int = 3, cachedAnswers: Int = 10_000, cachedAnswerBytes: Int = 262_144,
        streamTTL: Duration = .seconds(3600), streamEntries: Int = 10_000
    ) {
        self.queues = queues
        self.partitions = partitions
        self.maximumLength = maximumLength
        self.resultTTL = resultTTL
        self.defaultResultTTL = defaultResultTTL
        self.idempotencyTTL = idempotencyTTL
        self.resendTTL = resendTTL
        self.crashLimit = crashLimit
        self.cachedAnswers = cachedAnswers
        self.cachedAnswerBytes = cachedAnswerBytes
        self.streamTTL = streamTTL
        self.streamEntries = streamEntries
    }

    /// The bound of a queue in each partition: rounded up, so that the parts are never smaller than the whole.
    func maximumLength(_ queue: String) -> Int? { maximumLength[queue].map(share) }

    /// What of a bound is one partition's.
    func share(of bound: Int) -> Int { (bound + partitions - 1) / partitions }

    /// Name and time of each queue, as scripts take them.
    var ttlArguments: [RedisArgument] { queues.flatMap { [.string($0), .integer(ttlMilliseconds($0))] } }

    func streamTTLMilliseconds(_ queue: String) -> Int {
        min(Int(streamTTL.wholeMilliseconds), ttlMilliseconds(queue))
    }

    func ttlMilliseconds(_ queue: String) -> Int {
        Int((resultTTL[queue] ?? defaultResultTTL).wholeMilliseconds)
    }
}
