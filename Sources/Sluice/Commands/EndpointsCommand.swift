import ArgumentParser
import JobFlow

struct EndpointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endpoints",
        abstract: "Shows how the fleet stands with each endpoint of the pool, and drains one.",
        subcommands: [List.self, Drain.self, Undrain.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Shows how the fleet stands with each endpoint of the pool.",
            discussion: """
                status: open, full (no room for more tokens now), throttled (it said so itself), ill (failed again and
                again), probing (one call is tried), refused (our key or the deployment is wrong), drained (taken out by
                hand).
                Example: sluice endpoints
                """)

        @OptionGroup var options: ClientOptions
        @Flag(name: .long, help: "One endpoint object a line, as JSON.") var json = false

        func run() async throws { EndpointsCommand.print(try await options.client().endpoints(), json: json) }
    }

    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drain",
            abstract: "Takes an endpoint out of the pool: no worker calls it until it is put back.",
            discussion: """
                Calls under way go on; other jobs wait, or go to another endpoint.
                Example: sluice endpoints drain eastus-ptu
                """)

        @OptionGroup var options: ClientOptions
        @Argument(help: "The name of the endpoint.") var endpoint: String
        @Flag(name: .long, help: "The endpoint object as JSON.") var json = false

        func run() async throws {
            EndpointsCommand.print([try await options.client().drain(endpoint, true)], json: json)
        }
    }

    struct Undrain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undrain", abstract: "Puts a drained endpoint back into the pool.",
            discussion: "Example: sluice endpoints undrain eastus-ptu")

        @OptionGroup var options: ClientOptions
        @Argument(help: "The name of the endpoint.") var endpoint: String
        @Flag(name: .long, help: "The endpoint object as JSON.") var json = false

        func run() async throws {
            EndpointsCommand.print([try await options.client().drain(endpoint, false)], json: json)
        }
    }

    private static func print(_ endpoints: [JSONObject], json: Bool) {
        guard json else { return Swift.print(EndpointTable.text(endpoints)) }
        for endpoint in endpoints { Swift.print(String(decoding: endpoint.raw, as: UTF8.self)) }
    }
}
