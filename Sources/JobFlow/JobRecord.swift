/// A job as it is read back: what was asked, where it is, and what came of it.
package struct JobRecord: Sendable, Equatable {
    package var spec: JobSpec
    package var state: JobState
    /// Rows in the ledger so far.
    package var attempts: Int
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var nextAttemptAt: Timestamp?
    package var result: JobResult?
    package var error: JobError?
    package var usage: TokenUsage?
    /// The ledger: JSON objects separated by commas, in the shape of `GET /v1/jobs/{id}/attempts`.
    package var ledger: [UInt8]
    /// How far the telling of its end is; nil where nobody is to be told.
    package var webhook: WebhookStatus?

    package init(
        spec: JobSpec, state: JobState, attempts: Int = 0, startedAt: Timestamp? = nil, finishedAt: Timestamp? = nil,
        nextAttemptAt: Timestamp? = nil, result: JobResult? = nil, error: JobError? = nil, usage: TokenUsage? = nil,
        ledger: [UInt8] = [], webhook: WebhookStatus? = nil
    ) {
        self.spec = spec
        self.state = state
        self.attempts = attempts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.nextAttemptAt = nextAttemptAt
        self.result = result
        self.error = error
        self.usage = usage
        self.ledger = ledger
        self.webhook = webhook
    }
}

/// The answer that a client polls for.
package struct JobResult: Sendable, Equatable {
    package var statusCode: Int
    /// The upstream's answer, byte for byte: one JSON value.
    package var body: [UInt8]
    package var servedBy: ServedBy
    package var endpoint: String?
    /// Of a stored answer, when it was given out; nil of one that was given at once.
    package var ageSeconds: Double?
    /// Complete, and the same for whoever asks the same: it may be stored. Only whoever was answered knows.
    package var isReusable: Bool

    package enum ServedBy: String, Sendable { case endpoint, cache, stale, coalesced }

    package init(
        statusCode: Int, body: [UInt8], servedBy: ServedBy = .endpoint, endpoint: String?, ageSeconds: Double? = nil,
        isReusable: Bool = false
    ) {
        self.statusCode = statusCode
        self.body = body
        self.servedBy = servedBy
        self.endpoint = endpoint
        self.ageSeconds = ageSeconds
        self.isReusable = isReusable
    }
}

/// Why a job did not complete. Holds no part of a prompt, an answer or a key.
package struct JobError: Sendable, Equatable {
    package var code: String
    package var message: String
    package var type: String

    package init(code: String, message: String, type: String) {
        self.code = code
        self.message = message
        self.type = type
    }

    package static let deadlineExceeded = JobError(
        code: "deadline_exceeded", message: "the deadline passed before the job could finish", type: "server_error")
}
