import ArgumentParser
import JobFlow

struct EndpointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endpoints", abstract: "Shows how the fleet stands with each endpoint of the pool.",
        discussion: """
            status: open, full (no room for more tokens now), throttled (it said so itself), ill (failed again and again),
            probing (one call is tried), refused (our key or the deployment is wrong).
            Example: sluice endpoints
            """)

    @OptionGroup var options: ClientOptions
    @Flag(name: .long, help: "One endpoint object a line, as JSON.") var json = false

    func run() async throws {
        let endpoints = try await options.client().endpoints()
        guard json else { return print(EndpointTable.text(endpoints)) }
        for endpoint in endpoints { print(String(decoding: endpoint.raw, as: UTF8.self)) }
    }
}
