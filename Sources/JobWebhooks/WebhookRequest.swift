package import JobFlow

/// One delivery, as it goes out: https://www.standardwebhooks.com, version 1.
package struct WebhookRequest: Sendable {
    package var url: WebhookURL
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    /// Signed with every secret, so that a receiver may know the old or the new one while they are changed.
    ///
    /// - Parameter now: of this delivery: a receiver refuses what was signed too long ago.
    init(_ event: WebhookEvent, body: [UInt8], secrets: [WebhookSecret], now: Timestamp) {
        let id = event.id.description
        let timestamp = String(now.milliseconds / 1000)
        let signatures = secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) }
        url = event.url
        headers = [
            ("content-type", "application/json"), ("webhook-id", id), ("webhook-timestamp", timestamp),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
        self.body = body
    }
}
