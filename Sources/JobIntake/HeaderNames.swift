import HTTPTypes
import JobFlow

/// The header names that HTTPTypes does not know.
extension HTTPField.Name {
    static let requestID = ours("x-request-id")
    static let openerPolicy = ours("cross-origin-opener-policy")
    static let referrerPolicy = ours("referrer-policy")
    static let shouldRetry = ours("x-should-retry")
    static let retryAfterMilliseconds = ours("retry-after-ms")
    static let traceContext = ours(TraceContext.header)
    static let traceState = ours(TraceContext.stateHeader)
    static let apiKey = ours("api-key")
    static let idempotencyKey = ours("idempotency-key")
    static let fetchSite = ours("sec-fetch-site")
    static let lastEventID = ours("last-event-id")
    static let accelBuffering = ours("x-accel-buffering")
    static let stainlessRetryCount = ours("x-stainless-retry-count")

    /// The queue of a job that is not submitted as one.
    static let queue = ours("x-sluice-queue")
    static let cancelOnDisconnect = ours("x-sluice-cancel-on-disconnect")
    static let jobID = ours("x-sluice-job-id")
    static let servedBy = ours("x-sluice-served-by")
    static let attempts = ours("x-sluice-attempts")

    private static func ours(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a header name of ours is malformed") }
        return name
    }
}
