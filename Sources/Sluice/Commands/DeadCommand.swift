import ArgumentParser
import JobFlow

struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "Looks after the dead letters: jobs that failed for good.",
        subcommands: [List.self, Retry.self, Purge.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists failed jobs, newest first.",
            discussion: "Example: sluice dead list --queue batch --reason timeout --since 24h")

        @OptionGroup var options: ClientOptions
        @OptionGroup var filter: DeadFilter
        @OptionGroup var length: ListLength
        @Flag(name: .long, help: "One job object a line, as JSON.") var json = false

        func run() async throws {
            let pages = JobPages(client: try options.client(), filter: filter.value)
            length.show(try await pages.first(length.limit), json: json, JobTable.deadLetters)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Runs failed jobs again, with a fresh budget of attempts.",
            discussion: """
                Example: sluice dead retry job_0_01jd…
                         sluice dead retry --all --reason timeout --since 2030-01-31T12:00:00Z
                """)

        @OptionGroup var options: ClientOptions
        @OptionGroup var subject: DeadSubject

        func run() async throws {
            let client = try options.client()
            try await subject.run(client, verb: "retried") { _ = try await client.retry($0) }
        }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge", abstract: "Deletes failed jobs; the audit log keeps their attempts.",
            discussion: """
                Example: sluice dead purge job_0_01jd…
                         sluice dead purge --all --until 7d
                """)

        @OptionGroup var options: ClientOptions
        @OptionGroup var subject: DeadSubject

        func run() async throws {
            let client = try options.client()
            try await subject.run(client, verb: "purged") { _ = try await client.delete($0) }
        }
    }
}
