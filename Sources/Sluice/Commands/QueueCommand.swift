import ArgumentParser
import JobFlow

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Shows the queues, and holds them back.",
        subcommands: [List.self, Pause.self, Resume.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Shows what is in each queue.", discussion: "Example: sluice queue list")

        @OptionGroup var options: ClientOptions
        @Flag(name: .long, help: "One queue object a line, as JSON.") var json = false

        func run() async throws { QueueCommand.print(try await options.client().queues(), json: json) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Keeps the jobs of a queue: no worker takes one until it is resumed.",
            discussion: """
                Jobs that run go on, new ones are accepted.
                Example: sluice queue pause batch
                """)

        @OptionGroup var options: ClientOptions
        @Argument(help: "The name of the queue.") var queue: String
        @Flag(name: .long, help: "The queue object as JSON.") var json = false

        func run() async throws { QueueCommand.print([try await options.client().pause(queue)], json: json) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Lets the jobs of a paused queue run again.",
            discussion: "Example: sluice queue resume batch")

        @OptionGroup var options: ClientOptions
        @Argument(help: "The name of the queue.") var queue: String
        @Flag(name: .long, help: "The queue object as JSON.") var json = false

        func run() async throws { QueueCommand.print([try await options.client().resume(queue)], json: json) }
    }

    private static func print(_ queues: [JSONObject], json: Bool) {
        guard json else { return Swift.print(JobTable.queues(queues)) }
        for queue in queues { Swift.print(String(decoding: queue.raw, as: UTF8.self)) }
    }
}
