/// What a client asked for. It never changes after the job is accepted.
package struct JobSpec: Sendable, Equatable {
    package var id: JobID
    package var queue: String
    package var path: UpstreamPath
    /// The model named in the body; nil lets any endpoint serve it.
    package var model: String?
    /// The upstream request as the client sent it: opaque bytes of one JSON object.
    package var body: [UInt8]
    package var createdAt: Timestamp
    /// Not started or not finished by then: `expired`.
    package var deadline: Timestamp?
    package var maxAttempts: Int
    package var customID: String?
    /// The client's `metadata` object, byte for byte.
    package var metadata: [UInt8]?
    /// The client's own `x-request-id` or ours: in every log line, ledger row and upstream call of the job.
    package var correlationID: String
    /// Whose it is; empty where the intake asks for no keys.
    package var caller: String
    /// Nil: it is answered by a call of its own, and nobody else gets that answer.
    package var reuse: AnswerReuse?
    /// The body asks for a stream: what comes of it is logged while it comes.
    package var isStreamed: Bool
    /// What few jobs have.
    var rare: RareFields

    package init(
        id: JobID, queue: String, path: UpstreamPath, model: String?, body: [UInt8], createdAt: Timestamp,
        deadline: Timestamp? = nil, maxAttempts: Int, customID: String? = nil, metadata: [UInt8]? = nil,
        correlationID: String, trace: TraceContext? = nil, caller: String = "", callerLimit: Int? = nil,
        reuse: AnswerReuse? = nil, echo: [UInt8]? = nil, idempotency: Idempotency? = nil, isStreamed: Bool = false,
        webhook: WebhookURL? = nil
    ) {
        self.id = id
        self.queue = queue
        self.path = path
        self.model = model
        self.body = body
        self.createdAt = createdAt
        self.deadline = deadline
        self.maxAttempts = maxAttempts
        self.customID = customID
        self.metadata = metadata
        self.correlationID = correlationID
        self.caller = caller
        self.reuse = reuse
        self.isStreamed = isStreamed
        rare = RareFields(
            .init(trace: trace, callerLimit: callerLimit, echo: echo, idempotency: idempotency, webhook: webhook))
    }
}

/// How a client's repeated request is known again.
package struct Idempotency: Sendable, Equatable {
    /// A digest of the caller and the key that it chose; the key itself is not kept.
    package var key: String
    /// A digest of the request, so that the same key with other content is refused.
    package var content: String
    package var source: Source

    package enum Source: String, Sendable {
        /// The client chose a key: whatever comes under it is one job.
        case key
        /// An SDK sent this request for the first time. It is a job of its own, but is remembered for a while.
        case firstSend = "first"
        /// An SDK sends it again after a broken connection or a timeout: the job of the first send answers, if it arrived.
        case resend = "again"
    }

    package init(key: String, content: String, source: Source = .key) {
        self.key = key
        self.content = content
        self.source = source
    }
}
