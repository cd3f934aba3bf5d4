import ArgumentParser
import Curl
import Foundation
import JobFlow
import JobQueue
import Logging
import NIOPosix
import Redis
import RunAudit
import Settings

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Validates worker.json and every connection in it.",
        discussion: "Example: sluice check --config worker.json")

    @OptionGroup var options: ConfigOptions

    @Flag(name: .long, help: "Prints the settings in force, secrets hidden.")
    var print = false

    @Flag(name: .long, help: "Validates the file only, connects to nothing.")
    var offline = false

    func run() async throws {
        let settings = try await options.load()
        if print { Swift.print(SettingsSummary(settings).json) }
        report("worker.json", .ok("\(settings.queues.count) queues, \(settings.pool.endpoints.count) endpoints"))
        guard !offline else { return }
        let checks = ConnectionChecks(settings: settings)
        var failed = false
        for (name, result) in await checks.all() {
            report(name, result)
            if case .fault = result { failed = true }
        }
        if failed { throw ExitCode.failure }
    }

    private func report(_ name: String, _ result: ConnectionChecks.Result) {
        switch result {
        case .ok(let text): Swift.print("ok     \(name): \(text)")
        case .fault(let text): Swift.print("fault  \(name): \(text)")
        }
    }
}
