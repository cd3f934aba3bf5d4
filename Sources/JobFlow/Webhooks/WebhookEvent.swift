/// The end of a job that is to be told to the URL that its client named.
package struct WebhookEvent: Sendable, Equatable {
    package var id: WebhookID
    /// What the client asked for, without the body. Kept with the event, because the record may be gone by then.
    package var spec: JobSpec
    package var url: WebhookURL
    package var endedAt: Timestamp

    package init(id: WebhookID, spec: JobSpec, url: WebhookURL, endedAt: Timestamp) {
        self.id = id
        self.spec = spec
        self.url = url
        self.endedAt = endedAt
    }
}

/// An event in the hands of one worker, until its lease runs out.
package struct WebhookClaim: Sendable, Equatable {
    package var event: WebhookEvent
    /// Of its deliveries, this one is number …, from 1.
    package var attempt: Int
    /// Counts how often the event was taken; fences the report.
    package var take: Int

    package init(event: WebhookEvent, attempt: Int, take: Int) {
        self.event = event
        self.attempt = attempt
        self.take = take
    }
}

/// One delivery that was tried.
package struct WebhookDelivery: Sendable, Equatable {
    package var number: Int
    package var startedAt: Timestamp
    package var duration: Duration
    package var statusCode: Int?
    /// Why there is no status: `timeout`, `connection_failed`, …
    package var error: String?

    package init(number: Int, startedAt: Timestamp, duration: Duration, statusCode: Int? = nil, error: String? = nil) {
        self.number = number
        self.startedAt = startedAt
        self.duration = duration
        self.statusCode = statusCode
        self.error = error
    }

    /// The shape of one element of `webhook.deliveries`.
    package var encoded: [UInt8] {
        JSONWriter.object { json in
            json.member("number", number)
            json.member("started_at", startedAt)
            json.member("duration_ms", duration.wholeMilliseconds)
            json.member("status_code", statusCode)
            json.member("error", error)
        }
    }
}

/// What becomes of an event after a delivery.
package enum WebhookVerdict: Sendable, Equatable {
    case delivered
    case retry(after: Duration)
    /// It is told to nobody any more, unless an operator wants it.
    case dead
    /// It was not tried: somebody else may, at once.
    case released
}

package struct WebhookReport: Sendable, Equatable {
    package var id: WebhookID
    package var take: Int
    package var verdict: WebhookVerdict
    /// Nil for one that was released.
    package var delivery: WebhookDelivery?

    package init(_ claim: WebhookClaim, _ verdict: WebhookVerdict, _ delivery: WebhookDelivery? = nil) {
        id = claim.event.id
        take = claim.take
        self.verdict = verdict
        self.delivery = delivery
    }
}
