import JobFlow

/// One delivery, from the claim to the report.
struct DeliverWebhook: Sendable {
    let configuration: WebhookConfiguration
    let outbox: any WebhookOutbox
    let store: any JobStore
    let caller: any WebhookCaller
    let job: @Sendable (JobRecord) -> [UInt8]
    let now: WallClock
    /// 0…1.
    let chance: @Sendable () -> Double
    let reports: WebhookReports

    func run(_ claim: WebhookClaim) async {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(StoreError) {
            let record = try await store.record(claim.event.spec.id)
            let body = WebhookBody.bytes(claim.event, record, job: job)
            let startedAt = now()
            let outcome = await caller.send(
                WebhookRequest(claim.event, body: body, secrets: configuration.secrets, now: startedAt))
            let report = report(claim, outcome, startedAt, took: clock.now - start)
            let stands = try await told(report, until: start + configuration.lease)
            if stands { reports.ended(claim, report) } else { reports.overtaken(claim) }
        } catch {
            // Its lease runs out, and it is told again.
            if error.code != .cancelled { reports.storeFailed(error) }
        }
    }

    private func report(_ claim: WebhookClaim, _ outcome: WebhookOutcome, _ startedAt: Timestamp, took: Duration)
        -> WebhookReport
    {
        let verdict = configuration.schedule.verdict(outcome, attempt: claim.attempt, chance: chance())
        guard verdict != .released else { return WebhookReport(claim, .released) }
        var delivery = WebhookDelivery(number: claim.attempt, startedAt: startedAt, duration: took)
        switch outcome {
        case .answered(let status, _): delivery.statusCode = status
        case .failed(let reason): delivery.error = reason
        case .addressRefused: delivery.error = "address_not_allowed"
        case .cancelled: break
        }
        return WebhookReport(claim, verdict, delivery)
    }

    /// While the queue is away a report is kept, for as long as the event is surely ours.
    private func told(_ report: WebhookReport, until end: ContinuousClock.Instant) async throws(StoreError) -> Bool {
        while true {
            do throws(StoreError) { return try await outbox.report(report) } catch {
                guard error.isRetriable, ContinuousClock.now < end, !Task.isCancelled else { throw error }
                try? await Task.sleep(for: configuration.tick)
            }
        }
    }
}
