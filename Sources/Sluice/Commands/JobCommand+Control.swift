import ArgumentParser
import JobFlow

extension JobCommand {
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "Cancels a job that has not ended.",
            discussion: """
                A call that is under way is closed. Cancelling twice is harmless.
                Example: sluice job cancel job_0_01jd…
                """)

        @OptionGroup var options: ClientOptions
        @Argument(help: "The id of the job.") var id: String
        @Flag(name: .long, help: "The job object as JSON.") var json = false

        func run() async throws { try JobCommand.print(try await options.client().cancel(id), json: json) }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Runs a failed, expired or cancelled job again.",
            discussion: """
                It gets a fresh budget of attempts; its ledger is kept.
                Example: sluice job retry job_0_01jd…
                """)

        @OptionGroup var options: ClientOptions
        @Argument(help: "The id of the job.") var id: String
        @Flag(name: .long, help: "The job object as JSON.") var json = false

        func run() async throws { try JobCommand.print(try await options.client().retry(id), json: json) }
    }

    struct List: AsyncParsableCommand {
        enum Status: String, CaseIterable, ExpressibleByArgument {
            case queued, scheduled
            case inProgress = "in_progress"
            case failed
        }

        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the jobs in one state, newest first.",
            discussion: "Example: sluice job list --status in_progress --queue batch --limit 50")

        @OptionGroup var options: ClientOptions
        @Option(name: .long, help: "The state.") var status: Status
        @Option(name: .long, help: "Only jobs of this queue.") var queue: String?
        @OptionGroup var length: ListLength
        @Flag(name: .long, help: "One job object a line, as JSON.") var json = false

        func run() async throws {
            let filter = JobFilter(status: status.rawValue, queue: queue)
            let page = try await JobPages(client: try options.client(), filter: filter).first(length.limit)
            length.show(page, json: json, JobTable.jobs)
        }
    }
}
