import ArgumentParser

/// What the benchmarks need besides the program itself: a full queue, and the things that it is compared with.
@main
struct SluiceBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice-bench",
        abstract: "Loads Sluice's queue, measures latency and parts, and runs what Sluice is compared with.",
        discussion: "Each command prints one JSON object as its last line.",
        subcommands: [
            LoadCommand.self, BareCommand.self, HandlerCommand.self, LatencyCommand.self,
            PartsCommand.self, RetryingCommand.self,
        ])
}
