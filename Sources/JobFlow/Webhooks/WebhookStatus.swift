/// How far the telling of a job's end is: part of its record.
package struct WebhookStatus: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// The job has not ended.
        case waiting
        case pending
        case delivered
        case dead
    }

    package var state: State
    package var attempts: Int
    package var nextAttemptAt: Timestamp?
    /// The last status, if anybody answered the last time.
    package var lastStatusCode: Int?
    package var lastError: String?
    /// JSON objects separated by commas, in the shape of `WebhookDelivery.encoded`.
    package var deliveries: [UInt8]

    package init(
        state: State = .pending, attempts: Int = 0, nextAttemptAt: Timestamp? = nil, lastStatusCode: Int? = nil,
        lastError: String? = nil, deliveries: [UInt8] = []
    ) {
        self.state = state
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.lastStatusCode = lastStatusCode
        self.lastError = lastError
        self.deliveries = deliveries
    }
}

/// An event that nobody took, for operators.
package struct DeadWebhook: Sendable, Equatable {
    package var event: WebhookEvent
    package var status: WebhookStatus
    package var diedAt: Timestamp

    package init(event: WebhookEvent, status: WebhookStatus, diedAt: Timestamp) {
        self.event = event
        self.status = status
        self.diedAt = diedAt
    }
}

package struct DeadWebhookList: Sendable, Equatable {
    package var webhooks: [DeadWebhook]
    package var hasMore: Bool

    package init(webhooks: [DeadWebhook], hasMore: Bool) {
        self.webhooks = webhooks
        self.hasMore = hasMore
    }
}
