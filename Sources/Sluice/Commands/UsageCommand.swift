import ArgumentParser
import JobFlow

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Shows the tokens of the last hours by endpoint, model and queue.",
        discussion: """
            Counted are calls that were answered with their usage, by clock hours: --hours 1 is the running hour. estimated is
            what was expected before the calls; it is 0 where no endpoint has a known capacity or a longest prompt.
            Example: sluice usage --hours 24 --by queue
            """)

    @OptionGroup var options: ClientOptions
    @Option(name: .long, help: "The running hour and those before it, so many in all: 1 to 48.") var hours = 24
    @Option(name: .long, help: "One line for each endpoint, model or queue.") var by: UsageTable.Name?
    @Flag(name: .long, help: "One object a line, as JSON.") var json = false

    func validate() throws {
        guard 1...48 ~= hours else { throw ValidationError("--hours: 1 to 48 was expected") }
    }

    func run() async throws {
        let table = UsageTable(try await options.client().usage(hours: hours), by: by)
        print(json ? table.lines.joined(separator: "\n") : table.text)
    }
}

extension UsageTable.Name: ExpressibleByArgument {}
