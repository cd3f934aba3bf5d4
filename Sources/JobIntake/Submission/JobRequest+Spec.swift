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
            reuse: reuse, echo: echo, idempotency: idempotency,
            isStreamed: isStreamed
        )
    }
}
