import JobFlow

/// How far the telling of a job's end is, as clients read it.
enum WebhookObject {
    /// The member `webhook` of a job.
    static func bytes(_ url: WebhookURL, _ status: WebhookStatus) -> [UInt8] {
        JSONWriter.object { json in
            json.member("url", url.description)
            write(status, to: &json)
        }
    }

    /// One of the list of the dead.
    static func bytes(_ webhook: DeadWebhook) -> [UInt8] {
        JSONWriter.object { json in
            json.member("id", webhook.event.id.description)
            json.member("object", "webhook")
            json.member("job", webhook.event.spec.id.description)
            json.member("job_status", webhook.event.id.state.rawValue)
            json.member("url", webhook.event.url.description)
            json.member("ended_at", webhook.event.endedAt)
            json.member("died_at", webhook.diedAt)
            write(webhook.status, to: &json)
        }
    }

    private static func write(_ status: WebhookStatus, to json: inout JSONWriter) {
        json.member("status", status.state.rawValue)
        json.member("attempts", status.attempts)
        json.member("last_status_code", status.lastStatusCode)
        json.member("last_error", status.lastError)
        json.member("next_attempt_at", status.nextAttemptAt)
        json.member("deliveries", array: { if !status.deliveries.isEmpty { $0.element(raw: status.deliveries) } })
    }
}
