import JobFlow

/// The checked body of `POST /v1/jobs`.
struct JobRequest: Sendable, Equatable {
    var path: UpstreamPath
    var queue: IntakeQueue
    var model: String?
    /// The upstream request: the client's `body` byte for byte, or what `prompt` stands for.
    var body: [UInt8]
    var deadline: Timestamp?
    var maxAttempts: Int
    var reuse: AnswerReuse?
    var metadata: [UInt8]?
    var customID: String?
    /// Of a background response: see `JobSpec`.
    var echo: [UInt8]?
    var idempotency: Idempotency?
    /// What comes of it is logged while it comes.
    var isStreamed: Bool
    /// Who is told of its end.
    var webhook: WebhookURL?
    /// Whose job it will be.
    var caller: String

    static let fields = [
        "url", "body", "prompt", "model", "queue", "deadline", "expires_in", "max_attempts", "idempotency_key", "cache",
        "metadata", "webhook_url", "custom_id",
    ]

    /// - Parameters:
    ///   - line: what the whole batch says, if this is a line of one.
    ///   - keys: the values of the header `Idempotency-Key`.
    ///   - sdkRetries: how often an official SDK says that it has sent this request before; nil from any other client.
    ///   - caller: whose request it is: keys and answers are its own.
    ///   - now: deadlines have to lie after it.
    init(
        parsing bytes: ArraySlice<UInt8>, line: LineTerms? = nil, keys: [String] = [], sdkRetries: Int? = nil,
        caller: String = "",
        _ configuration: IntakeConfiguration, now: Timestamp
    ) throws(IntakeProblem) {
        self.caller = caller
        let fields = try JobFields(try Self.object(bytes), allowed: line?.fields ?? Self.fields)
        try line?.check(fields)
        path = try Self.path(fields, isLine: line != nil)
        queue = try Self.queue(fields, line, configuration.queues)
        let call = try UpstreamCall(fields, path: path, models: configuration.models)
        model = call.model
        body = call.body
        isStreamed = call.isStreamed
        deadline = try DeadlineFields.read(fields, now: now) ?? line?.deadline ?? queue.deadline.map { now + $0 }
        maxAttempts = try fields.integer("max_attempts", 1...100) ?? line?.maxAttempts ?? queue.maxAttempts
        // Whoever asks for a stream wants to see it come.
        let terms = try CacheField.read(fields, configuration.cache, queue)
        reuse = isStreamed ? nil : Self.reuse(terms, path, model: model, body: body, caller)
        metadata = try MetadataField.read(fields["metadata"])
        customID = try fields.string("custom_id", characters: 0...512)
        webhook = try WebhookField.read(fields, configuration.webhooks)
        let name = Idempotency.Name(key: try IdempotencyKey.read(fields, headers: keys), sdkRetries: sdkRetries)
        idempotency = name.map { Idempotency(caller: caller, $0, path: path, queue: queue.name, fields) }
    }

    static let fieldsOfLine = fields + ["method"]

    static func object(_ bytes: ArraySlice<UInt8>) throws(IntakeProblem) -> JSONObject {
        guard !bytes.isEmpty else {
            throw .body("The request body is empty; a JSON object is expected.", code: "empty_body")
        }
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else {
            throw .body("invalid JSON at byte 0: a byte order mark is not allowed.", code: "invalid_json")
        }
        do { return try JSONObject(parsing: bytes) } catch {
            throw .body("\(error).", code: "invalid_json")
        }
    }

    static func reuse(
        _ terms: CacheField.Terms?, _ path: UpstreamPath, model: String?, body: [UInt8], _ caller: String
    ) -> AnswerReuse? {
        guard let terms, let key = AnswerKey.key(caller: caller, path: path, model: model, body: body) else {
            return nil
        }
        return AnswerReuse(key: key, ttl: terms.ttl, staleFor: terms.staleFor)
    }

    private static func path(_ fields: JobFields, isLine: Bool) throws(IntakeProblem) -> UpstreamPath {
        guard let url = try fields.string("url") else { return .chatCompletions }
        // In batches, Azure's clients leave `/v1` out.
        guard let path = UpstreamPath(rawValue: url) ?? (isLine ? UpstreamPath(rawValue: "/v1" + url) : nil) else {
            let allowed = UpstreamPath.allCases.map(\.rawValue).joined(separator: ", ")
            throw .field("url", "url has to be one of \(allowed).")
        }
        return path
    }

    private static func queue(_ fields: JobFields, _ line: LineTerms?, _ queues: [IntakeQueue]) throws(IntakeProblem)
        -> IntakeQueue
    {
        let name = try fields.string("queue") ?? line?.queue
        if let queue = queues.first(where: { $0.name == name ?? "default" }) { return queue }
        if name == nil, let first = queues.first { return first }
        let known = queues.map(\.name).joined(separator: ", ")
        throw .field("queue", "There is no queue of that name. The queues are \(known).", code: "queue_not_found")
    }
}
