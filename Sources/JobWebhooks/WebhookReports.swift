import JobFlow
import Logging
import Metrics

/// What delivering says: one line and one count a delivery. Never a URL, which may hold a key of the receiver's, and never
/// a body.
struct WebhookReports: Sendable {
    let logger: Logger
    // Made at once: a rate sees the first one only if there was a 0 before it.
    private let deliveries = Dictionary(
        uniqueKeysWithValues: ["delivered", "retry", "dead", "released"].map { outcome in
            (outcome, Counter(label: "sluice_webhook_deliveries_total", dimensions: [("outcome", outcome)]))
        })

    init(logger: Logger) { self.logger = logger }

    func ended(_ claim: WebhookClaim, _ report: WebhookReport) {
        deliveries[Self.word(report.verdict)]?.increment()
        let level: Logger.Level = report.verdict == .dead ? .warning : .info
        logger.log(level: level, "webhook delivery", metadata: Self.metadata(claim, report))
    }

    func overtaken(_ claim: WebhookClaim) {
        logger.notice("a webhook was delivered too late, somebody else has it", metadata: Self.names(claim))
    }

    func storeFailed(_ error: StoreError) {
        logger.warning("webhooks wait for the queue", metadata: ["error": "\(error)"])
    }

    static func word(_ verdict: WebhookVerdict) -> String {
        switch verdict {
        case .delivered: "delivered"
        case .retry: "retry"
        case .dead: "dead"
        case .released: "released"
        }
    }

    private static func names(_ claim: WebhookClaim) -> Logger.Metadata {
        ["webhook.id": "\(claim.event.id)", "job.id": "\(claim.event.spec.id)"]
    }

    private static func metadata(_ claim: WebhookClaim, _ report: WebhookReport) -> Logger.Metadata {
        var metadata = names(claim)
        metadata["attempt"] = "\(claim.attempt)"
        metadata["outcome"] = "\(word(report.verdict))"
        metadata["host"] = "\(claim.event.url.host)"
        metadata["correlation.id"] = "\(claim.event.spec.correlationID)"
        if let delivery = report.delivery { metadata["duration_ms"] = "\(delivery.duration.wholeMilliseconds)" }
        if let status = report.delivery?.statusCode { metadata["status_code"] = "\(status)" }
        if let error = report.delivery?.error { metadata["error"] = "\(error)" }
        if case .retry(let delay) = report.verdict { metadata["delay_ms"] = "\(delay.wholeMilliseconds)" }
        return metadata
    }
}
