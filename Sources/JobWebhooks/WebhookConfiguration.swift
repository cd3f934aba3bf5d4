/// What delivering needs to know of worker.json.
package struct WebhookConfiguration: Sendable {
    package var partitions: Int
    /// Never empty: nothing goes out unsigned.
    package var secrets: [WebhookSecret]
    package var schedule: WebhookSchedule
    /// Of one delivery.
    package var timeout: Duration
    /// Deliveries of this process at once.
    package var concurrency: Int
    /// Deliveries to one host at once, of the whole fleet.
    package var hostConcurrency: Int
    /// How long deliveries that are under way may go on when the process is asked to stop.
    package var grace: Duration = .seconds(5)
    /// The longest between two looks at the outbox.
    package var tick: Duration = .seconds(1)
    /// The shortest.
    package var pause: Duration = .milliseconds(20)

    package init(
        partitions: Int, secrets: [WebhookSecret], schedule: WebhookSchedule, timeout: Duration, concurrency: Int,
        hostConcurrency: Int
    ) {
        self.partitions = partitions
        self.secrets = secrets
        self.schedule = schedule
        self.timeout = timeout
        self.concurrency = concurrency
        self.hostConcurrency = hostConcurrency
    }

    /// Long enough for a delivery and for telling the outbox; after a crash, others wait for so long.
    var lease: Duration { timeout + .seconds(15) }
}
