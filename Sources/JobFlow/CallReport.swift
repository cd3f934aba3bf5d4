/// One finished upstream call.
package struct CallReport: Sendable {
    package var endpoint: String
    package var region: String
    package var tier: String
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var statusCode: Int?
    package var upstreamRequestID: String?
    package var usage: TokenUsage?
    package var billed: Attempt.Billed
    package var outcome: Outcome

    package enum Outcome: Sendable {
        case answered(JobResult)
        case failed(CallFailure)
    }

    package init(
        endpoint: String, region: String, tier: String, startedAt: Timestamp, endedAt: Timestamp, statusCode: Int?,
        upstreamRequestID: String?, usage: TokenUsage?, billed: Attempt.Billed, outcome: Outcome
    ) {
        self.endpoint = endpoint
        self.region = region
        self.tier = tier
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.statusCode = statusCode
        self.upstreamRequestID = upstreamRequestID
        self.usage = usage
        self.billed = billed
        self.outcome = outcome
    }
}

package struct CallFailure: Error, Sendable, Equatable {
    /// A constant word for ledger, log and metric: `throttled`, `server_error`, `timeout`, `content_filter` …
    package var reason: String
    package var remedy: Remedy
    /// Whether it is charged to the job's `max_attempts`. A throttled call is not: a full pool is no fault of the job.
    package var isCounted: Bool
    /// The endpoint was not reached, or is set up wrongly: the job is charged only if no other endpoint was left to try.
    package var isEndpointsFault: Bool
    /// The wait that the upstream asked for.
    package var retryAfter: Duration?
    /// What the client reads if this was the last attempt.
    package var error: JobError
    /// The upstream's own answer, for the client, where there was one.
    package var answer: JobResult?

    /// We closed the call ourselves; it says nothing about the job.
    package var isCancelled: Bool { reason == Self.cancelledReason }
    package static let cancelledReason = "cancelled"

    package enum Remedy: String, Sendable {
        /// The same request can succeed on another endpoint, or later.
        case retry
        /// The prompt is too long for this endpoint; one that takes longer ones may serve it.
        case larger
        /// The request itself is at fault; it would fail everywhere.
        case giveUp
    }

    package init(
        reason: String, remedy: Remedy, isCounted: Bool = true, isEndpointsFault: Bool = false,
        retryAfter: Duration? = nil, error: JobError, answer: JobResult? = nil
    ) {
        self.reason = reason
        self.remedy = remedy
        self.isCounted = isCounted
        self.isEndpointsFault = isEndpointsFault
        self.retryAfter = retryAfter
        self.error = error
        self.answer = answer
    }
}
