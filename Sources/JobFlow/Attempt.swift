/// One row of a job's ledger: one upstream call, or a claim that ended without one.
package struct Attempt: Sendable, Equatable {
    /// 1 for the first row of the job; never reused.
    package var number: Int
    package var endpoint: String
    package var region: String
    package var tier: String
    package var worker: String
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var outcome: Outcome
    package var statusCode: Int?
    /// Why it did not complete: a constant word such as `throttled`, `server_error`, `timeout`.
    package var reason: String?
    /// The wait applied before the next attempt, in milliseconds; nil when none follows.
    package var delayMilliseconds: Int64?
    package var billed: Billed
    package var usage: TokenUsage?
    package var upstreamRequestID: String?

    package enum Outcome: String, Sendable { case completed, retry, failed, released, abandoned, cancelled }

    /// Whether the provider may charge for the call.
    package enum Billed: String, Sendable { case yes, maybe, no }

    package init(
        number: Int, endpoint: String, region: String, tier: String, worker: String, startedAt: Timestamp,
        endedAt: Timestamp, outcome: Outcome, statusCode: Int? = nil, reason: String? = nil,
        delayMilliseconds: Int64? = nil, billed: Billed, usage: TokenUsage? = nil, upstreamRequestID: String? = nil
    ) {
        self.number = number
        self.endpoint = endpoint
        self.region = region
        self.tier = tier
        self.worker = worker
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.statusCode = statusCode
        self.reason = reason
        self.delayMilliseconds = delayMilliseconds
        self.billed = billed
        self.usage = usage
        self.upstreamRequestID = upstreamRequestID
    }
}

/// Tokens as the upstream counted them. Chat and responses name them differently; this is the chat spelling.
package struct TokenUsage: Sendable, Equatable {
    package var promptTokens: Int
    package var completionTokens: Int
    package var cachedTokens: Int
    package var totalTokens: Int

    package init(promptTokens: Int, completionTokens: Int, cachedTokens: Int = 0, totalTokens: Int? = nil) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        let (sum, overflow) = promptTokens.addingReportingOverflow(completionTokens)
        self.totalTokens = totalTokens ?? (overflow ? .max : sum)
    }
}

/// An attempt together with the job it belongs to: one row of the audit log.
package struct AuditedAttempt: Sendable, Equatable {
    package var job: JobID
    package var queue: String
    package var correlationID: String
    package var attempt: Attempt

    package init(job: JobID, queue: String, correlationID: String, attempt: Attempt) {
        self.job = job
        self.queue = queue
        self.correlationID = correlationID
        self.attempt = attempt
    }
}
