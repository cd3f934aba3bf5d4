import JobFlow

extension JobRequest {
    /// The job that this request becomes.
    func spec(createdAt: Timestamp, correlationID: String, partitions: Int, random: inout some RandomNumberGenerator)
        -> JobSpec
    {
        let partition =
            idempotency?.partition(of: partitions) ?? reuse?.partition(of: partitions)
            ?? Int.random(in: 0..<max(1, partitions), using: &random)
        return JobSpec(
            id: JobID(partition: partition, createdAt: createdAt, random: &random), queue: queue.name, path: path,
            model: model, body: body, createdAt: createdAt, deadline: deadline, maxAttempts: maxAttempts,
            customID: customID, metadata: metadata, correlationID: correlationID, caller: caller,
            reuse: reuse, echo: echo, idempotency: idempotency, isStreamed: isStreamed, webhook: webhook)
    }

    /// The job of a line of a batch: the same line has the same job, whenever it is read.
    func spec(_ batch: BatchID, line: Int, createdAt: Timestamp, correlationID: String, partitions: Int) -> JobSpec {
        let partition =
            idempotency?.partition(of: partitions) ?? reuse?.partition(of: partitions) ?? line % max(1, partitions)
        return JobSpec(
            id: JobID(batch: batch, line: line, partition: partition), queue: queue.name, path: path, model: model,
            body: body, createdAt: createdAt, deadline: deadline, maxAttempts: maxAttempts, customID: customID,
            metadata: metadata, correlationID: correlationID, caller: caller, reuse: reuse, idempotency: idempotency,
            isStreamed: isStreamed, webhook: webhook)
    }
}
