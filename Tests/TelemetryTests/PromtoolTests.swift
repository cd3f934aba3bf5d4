import CoreMetrics
import Foundation
import Telemetry
import Testing

struct PromtoolTests {
    @Test(.timeLimit(.minutes(5)))
    func `promtool finds no fault`() throws {
        let promtool = try #require(find("promtool"), "promtool is missing: apt-get install -y prometheus")
        let registry = PrometheusRegistry(help: ["jobs_total": "Jobs with a \\ and\na second line."])
        Counter(label: "jobs_total", dimensions: [("queue", "a\"b\\c\nd"), ("e", "\u{1F680}")], factory: registry)
            .increment()
        FloatingPointCounter(label: "http.server.requests", factory: registry).increment(by: 1e300)
        Meter(label: "sluice_jobs", dimensions: [("queue", "")], factory: registry).set(Double.nan)
        Timer(label: "sluice_job_duration_seconds", dimensions: [("queue", "a")], factory: registry).recordSeconds(1e9)
        Recorder(label: "sluice_batch_rows", factory: registry).record(1e-30)
        let (status, output) = try run(promtool, ["check", "metrics"], input: registry.render())
        #expect(status == 0, "\(output)")
        #expect(output.isEmpty)
    }

    private func find(_ program: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private func run(_ path: String, _ arguments: [String], input: String) throws -> (Int32, String) {
        let process = Process()
        let (stdin, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = stdin
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
