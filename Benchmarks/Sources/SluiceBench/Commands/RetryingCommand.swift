import ArgumentParser
import Curl
import Foundation
import JobFlow

struct RetryingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrying",
        abstract: "Calls a pool of endpoints as a service without a queue does: so many at once, with plain retries.",
        discussion: "What Sluice is compared with in scripts/bench pool. Stops by itself after --seconds.")

    @Option(help: "The endpoints, as prefixes of /openai/deployments/…, separated by commas.")
    var pool: String

    @Option(help: "article (5 attempts, 0.5 s, doubled, ±10 %) or immediate (5 attempts, no wait).")
    var policy: RetryingPolicy

    @Option(help: "A file of request bodies, one a line.")
    var prompts: String

    @Option(help: "Requests at once.")
    var concurrency = 64

    @Option(help: "For how long.")
    var seconds = 30.0

    func run() async throws {
        guard let file = FileManager.default.contents(atPath: prompts) else {
            throw ValidationError("--prompts \(prompts): not readable")
        }
        let bodies = file.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        guard !bodies.isEmpty, concurrency > 0 else { throw ValidationError("--prompts has no line") }
        let service = RetryingService(
            curl: try CurlClient(), urls: pool.split(separator: ",").map(String.init), policy: policy, bodies: bodies)
        let counts = await service.run(concurrency: concurrency, for: .seconds(seconds))
        var figures = Figures()
        figures.add("answered", counts.answered)
        figures.add("failed", counts.failed)
        figures.add("calls", counts.calls)
        figures.print()
    }
}

enum RetryingPolicy: String, ExpressibleByArgument {
    case article, immediate

    static let attempts = 5

    /// Before the attempt behind this one.
    func delay(after attempt: Int) -> Duration {
        guard self == .article else { return .zero }
        return .milliseconds(Int64(500 * Double(1 << (attempt - 1)) * Double.random(in: 0.9...1.1)))
    }
}
