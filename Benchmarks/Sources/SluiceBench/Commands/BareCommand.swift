import ArgumentParser
import CBare
import Redis

struct BareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bare",
        abstract: "Runs the bare pipeline on the same C libraries: what Sluice is measured against.")

    @Option(help: "The Redis server, redis://host:port/database.")
    var redis: String

    @Option(help: "Where the prompts are posted.")
    var upstream: String

    @Option(help: "How many jobs.")
    var jobs: Int

    @Option(help: "Of a prompt.")
    var bytes = 1024

    @Option(help: "Calls in flight.")
    var concurrency = 256

    @Option(help: "Jobs in one transaction and one script.")
    var batch = 100

    @Option(help: "The SQLite file; it has to be new.")
    var audit = "bare.sqlite"

    func validate() throws {
        guard jobs > 0, bytes >= 0, 1...100_000 ~= concurrency, 1...1000 ~= batch else {
            throw ValidationError("--jobs above 0, --bytes from 0, --concurrency 1 to 100000, --batch 1 to 1000")
        }
    }

    func run() throws {
        let server = try RedisConfiguration(url: redis)
        let options = cbare_options(
            port: Int32(server.port), database: Int32(server.database), jobs: jobs, bytes: bytes,
            concurrency: Int32(concurrency), batch: Int32(batch))
        report(unsafe cbare_run(server.host, upstream, audit, options))
    }

    private func report(_ measured: cbare_figures) {
        var figures = Figures()
        figures.add("jobs", jobs)
        figures.add("seconds", measured.seconds)
        figures.add("jobs_per_second", Double(jobs) / measured.seconds)
        figures.add("cpu_seconds", measured.cpu_seconds)
        figures.add("cpu_seconds_per_10000", measured.cpu_seconds / Double(jobs) * 10_000)
        figures.add("max_rss_mb", Double(measured.max_rss_kilobytes) / 1024)
        figures.print()
    }
}
