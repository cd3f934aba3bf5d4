import ArgumentParser
import Curl
import JobFlow

struct LatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency", abstract: "Measures the time from submitting a job to reading its result.",
        discussion: "Jobs are submitted at a constant rate, whether or not earlier ones have ended.")

    @Option(help: "The intake, http://host:port.")
    var url: String

    @Option(help: "Jobs per second.")
    var rate = 20.0

    @Option(help: "For how long jobs are submitted.")
    var seconds = 20.0

    @Option(help: "Of a prompt.")
    var bytes = 1024

    @Option(help: "The model that the jobs ask for.")
    var model = "gpt-4o"

    func validate() throws {
        guard rate > 0, seconds > 0, 0...(1 << 20) ~= bytes else {
            throw ValidationError("--rate and --seconds have to be above 0, --bytes 0 to 1048576")
        }
    }

    func run() async throws {
        let client = try CurlClient()
        defer { client.shutdown() }
        let trip = RoundTrip(client: client, url: url, model: model, bytes: bytes)
        // Connections, and whatever else is slow only once, are not what is measured.
        for number in 1...3 { _ = try await trip.measure(number) }
        report(try await OpenLoop(rate: rate, count: max(1, Int(rate * seconds))).run(trip.measure))
    }

    private func report(_ times: [Duration]) {
        let sorted = times.sorted()
        var figures = Figures()
        figures.add("count", sorted.count)
        for (name, part) in [("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99), ("max_ms", 1)] {
            let index = max(0, Int((Double(sorted.count) * part).rounded(.up)) - 1)
            figures.add(name, sorted[index].inSeconds * 1000)
        }
        figures.print()
    }
}
