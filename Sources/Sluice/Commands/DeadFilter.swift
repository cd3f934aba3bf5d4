import ArgumentParser
import JobFlow

/// Which of the dead letters.
struct DeadFilter: ParsableArguments {
    @Option(name: .long, help: "Only jobs of this queue.") var queue: String?
    @Option(name: .long, help: "Only jobs that failed with this error code.") var reason: String?
    @Option(
        name: .long, help: "Only jobs that failed at this time or later: RFC 3339, or how long ago, 24h.",
        transform: TimeText.parse)
    var since: Timestamp?
    @Option(
        name: .long, help: "Only jobs that failed before this time: RFC 3339, or how long ago, 7d.",
        transform: TimeText.parse)
    var until: Timestamp?

    var isEmpty: Bool { queue == nil && reason == nil && since == nil && until == nil }

    var value: JobFilter {
        var filter = JobFilter(status: JobState.failed.rawValue, queue: queue)
        (filter.reason, filter.since, filter.until) = (reason, since, until)
        return filter
    }
}

/// What a command that changes dead letters is about: some by their names, or all that a filter lets through.
struct DeadSubject: ParsableArguments {
    @Argument(help: "The ids of jobs.") var ids: [String] = []
    @Flag(name: .long, help: "All that the filters let through.") var all = false
    @OptionGroup var filter: DeadFilter

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError("either ids or --all were expected") }
        guard all || filter.isEmpty else {
            throw ValidationError("--queue, --reason, --since and --until go with --all")
        }
    }

    /// Says how many; fails if some could not be changed.
    func run(_ client: SluiceClient, verb: String, _ act: @escaping @Sendable (_ id: String) async throws -> Void)
        async throws
    {
        let each = EachJob(skipsChanged: all, act: act)
        var tally = EachJob.Tally()
        if all {
            try await JobPages(client: client, filter: filter.value).forEach { page in
                tally = tally + (try await each.run(page.ids))
            }
        } else {
            tally = try await each.run(ids)
        }
        print(tally.text(verb))
        if tally.failed > 0 { throw ExitCode.failure }
    }
}
