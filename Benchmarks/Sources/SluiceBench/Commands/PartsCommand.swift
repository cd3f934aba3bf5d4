import ArgumentParser
import Redis

struct PartsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parts", abstract: "Measures the parts of the program one by one.",
        discussion: "The last line has the nanoseconds of one operation, by part.")

    @Option(help: "A Redis server, for the scripts. They are measured in a queue of their own.")
    var redis: String?

    @Option(help: "Where a body can be posted, for the curl loop.")
    var upstream: String?

    @Option(help: "Only the parts whose names contain this.")
    var filter: String?

    @Option(help: "The median of so many runs is shown.")
    var runs = 5

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs has to be above 0") }
    }

    func run() async throws {
        var table = PartsTable(runs: runs, filter: filter)
        try await WireParts.measure(&table)
        try await JSONParts.measure(&table)
        try await AuditParts.measure(&table)
        if let redis { try await ScriptParts.measure(&table, RedisConfiguration(url: redis)) }
        if let upstream { try await CurlParts.measure(&table, upstream) }
        table.figures.print()
    }
}
