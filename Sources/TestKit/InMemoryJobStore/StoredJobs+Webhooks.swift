package import JobFlow

extension StoredJobs {
    /// Puts the end of a job into the outbox, if its client wants to be told.
    mutating func tell(_ id: JobID, at now: Timestamp) {
        guard let job = jobs[id], let url = job.record.spec.webhook else { return }
        var spec = job.record.spec
        spec.body = []
        let name = WebhookID(job: id, epoch: job.epoch, state: job.record.state)
        outbox.add(WebhookEvent(id: name, spec: spec, url: url, endedAt: now), at: now)
    }

    mutating func note(_ id: WebhookID, _ status: WebhookStatus?) {
        guard let status, let job = jobs[id.job], job.epoch == id.epoch, job.record.state == id.state else { return }
        jobs[id.job]?.record.webhook = status
    }
}

extension InMemoryJobStore: WebhookOutbox {
    package func take(_ request: WebhookTake) async throws(StoreError) -> TakenWebhooks {
        change { $0.outbox.take(request, at: now()) }
    }

    package func report(_ report: WebhookReport) async throws(StoreError) -> Bool {
        change { jobs in
            let (stands, status) = jobs.outbox.report(report, at: now())
            jobs.note(report.id, status)
            return stands
        }
    }

    package func waitForEvents(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        try await waiting(atMost: wait) { state in partitions.contains { state.outbox.hasNew($0) } }
    }

    package func dead(after: WebhookID?, limit: Int) async throws(StoreError) -> DeadWebhookList {
        change { $0.outbox.dead(after: after, limit: limit) }
    }

    package func counts() async throws(StoreError) -> WebhookCounts { change { $0.outbox.counts } }

    package func revive(_ id: WebhookID) async throws(StoreError) -> Bool {
        change { jobs in
            let status = jobs.outbox.revive(id, at: now())
            jobs.note(id, status)
            return status != nil
        }
    }

    package func forget(_ id: WebhookID) async throws(StoreError) -> Bool { change { $0.outbox.forget(id) } }
}
