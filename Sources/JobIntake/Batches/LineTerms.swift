import JobFlow

/// What holds for all lines of a batch that do not say otherwise.
struct LineTerms: Sendable, Equatable {
    var queue: String?
    var deadline: Timestamp?
    var maxAttempts: Int?
    /// Where every line has to go; nil: each where it says.
    var path: UpstreamPath?

    init(queue: String? = nil, deadline: Timestamp? = nil, maxAttempts: Int? = nil, path: UpstreamPath? = nil) {
        self.queue = queue
        self.deadline = deadline
        self.maxAttempts = maxAttempts
        self.path = path
    }

    /// From the query of `POST /v1/jobs/batch`.
    init(_ query: ListParameters.Query, queues: [IntakeQueue], now: Timestamp) throws(IntakeProblem) {
        queue = try query("queue")
        if let queue, !queues.contains(where: { $0.name == queue }) {
            let known = queues.map(\.name).joined(separator: ", ")
            throw .field("queue", "There is no queue of that name. The queues are \(known).", code: "queue_not_found")
        }
        if let text = try query("expires_in") { deadline = now + (try Self.span(text)) }
        if let text = try query("max_attempts") {
            guard let number = PlainNumber.read(text).flatMap(Int.init(exactly:)), 1...100 ~= number else {
                throw .field("max_attempts", "max_attempts has to be a whole number from 1 to 100.")
            }
            maxAttempts = number
        }
    }

    private static func span(_ text: String) throws(IntakeProblem) -> Duration {
        guard let seconds = PlainNumber.read(text), seconds > 0, seconds <= DeadlineFields.maximumSeconds else {
            throw .field("expires_in", "expires_in has to be a number of seconds above 0, and at most 31536000.")
        }
        return .milliseconds(max(1, Int64((seconds * 1000).rounded())))
    }

    /// What a line may have.
    var fields: [String] { path == nil ? JobRequest.fieldsOfLine : ["custom_id", "method", "url", "body"] }

    func check(_ fields: JobFields) throws(IntakeProblem) {
        if let path { try Self.check(fields, path) }
        if let method = try fields.string("method"), method != "POST" {
            throw .field("method", "method has to be POST.")
        }
    }

    private static func check(_ fields: JobFields, _ path: UpstreamPath) throws(IntakeProblem) {
        for name in ["custom_id", "method", "url"] where try fields.string(name, characters: 1...512) == nil {
            throw .field(name, "\(name) is missing.", code: "missing_field")
        }
        let url = try fields.string("url")
        guard let url, url == path.rawValue || "/v1" + url == path.rawValue else {
            throw .field("url", "url has to be \(path.rawValue), the endpoint of the batch.", code: "url_mismatch")
        }
    }
}
