package import JobFlow

/// The logs of streamed jobs: one stream a job. Whoever reads along is woken by pub/sub, and looks by itself once a second,
/// because a message can be lost.
extension RedisJobStore: JobEvents {
    private static let look = Duration.seconds(1)

    package func append(_ addition: JobEventAddition, of claim: Claim) async throws(StoreError) -> AppendOutcome {
        try await additions[try index(claim.spec.id.partition)].call(JobLogs.Addition(claim: claim, addition: addition))
    }

    package func events(_ id: JobID, from sequence: Int, known: JobStanding?, within wait: Duration)
        async throws(StoreError) -> JobEventPage?
    {
        guard id.partition < configuration.partitions else { return nil }
        let deadline = ContinuousClock.now + wait
        var watched = id
        while true {
            let ticket = logWatch.register(watched)
            defer { logWatch.leave(ticket) }
            let reading = try await evaluate(
                QueueScripts.follow, id.partition, JobLogs.arguments(watched, from: sequence), JobLogs.reading)
            guard let page = reading.page, page.events.isEmpty, !page.standing.state.isTerminal,
                page.standing == known, deadline > .now, !Task.isCancelled
            else { return reading.page }
            // A job that stands for another one is announced under that one's name.
            if reading.id == watched { await logWatch.wait(ticket, until: min(deadline, .now + Self.look)) }
            watched = reading.id
        }
    }
}
