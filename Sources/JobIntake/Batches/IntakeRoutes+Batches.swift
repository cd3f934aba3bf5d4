import HTTPTypes

extension IntakeRoutes {
    func jobBatches() -> [Route] {
        guard let batches else { return [] }
        let submit = SubmitBatch(
            acceptance: acceptance, configuration: configuration, buckets: buckets, now: now,
            submitted: instruments.submitted(configuration.queues), known: KnownBatch(batches: batches, logger: logger),
            logger: logger)
        let read = ReadBatch(batches: batches, spool: spool, logger: logger)
        let results = ReadResults(
            read: read, batches: batches, store: store, partitions: configuration.partitions, logger: logger)
        return [
            Route(.post, "/v1/jobs/batch", instruments, scope: .submit, submit.respond).submittingWork
                .offSocketThread,
            Route(.get, "/v1/jobs/batch/{id}", instruments, scope: .read, read.respond),
            Route(.get, "/v1/jobs/batch/{id}/results", instruments, scope: .read, results.respond).offSocketThread,
        ]
    }
}
