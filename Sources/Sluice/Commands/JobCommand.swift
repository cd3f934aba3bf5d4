import ArgumentParser
import JobFlow

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Looks at jobs, cancels them, runs them again.",
        subcommands: [Show.self, Wait.self, Cancel.self, Retry.self, List.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Shows a job and the ledger of its attempts.",
            discussion: "Example: sluice job show job_0_01jd…")

        @OptionGroup var options: ClientOptions
        @Argument(help: "The id of the job.") var id: String
        @Flag(name: .long, help: "The job object as JSON.") var json = false

        func run() async throws {
            let client = try options.client()
            try JobCommand.print(try await client.job(id), json: json)
            guard !json else { return }
            Swift.print("\n" + AttemptTable(try await client.attempts(id)).text)
        }
    }

    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "wait", abstract: "Waits until a job has ended, and shows it.",
            discussion: "Example: sluice job wait job_0_01jd… --timeout 120")

        @OptionGroup var options: ClientOptions
        @Argument(help: "The id of the job.") var id: String
        @Option(name: .long, help: "Seconds to wait at most.") var timeout = 3600
        @Flag(name: .long, help: "The job object as JSON.") var json = false

        func run() async throws {
            let client = try options.client()
            let end = ContinuousClock.now + .seconds(timeout)
            while true {
                let job = try await client.job(id, wait: min(.seconds(30), max(.zero, end - .now)))
                let state = job["status"]?.string.flatMap(JobState.init)
                if state?.isTerminal == true {
                    try JobCommand.print(job, json: json)
                    if state != .completed { throw ExitCode.failure }
                    return
                }
                guard ContinuousClock.now < end else {
                    throw PlainError("\(id) is still \(job["status"]?.string ?? "there")")
                }
            }
        }
    }

    static func print(_ job: JSONObject, json: Bool) throws {
        Swift.print(json ? String(decoding: job.raw, as: UTF8.self) : JobView.text(job))
    }
}
