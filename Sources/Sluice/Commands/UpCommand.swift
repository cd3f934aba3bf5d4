import ArgumentParser
import Foundation
import Logging
import Settings

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Runs intake and workers on this machine, and restarts them when they die.",
        discussion: """
            Example: sluice up --embedded
            Stops with Ctrl-C or SIGTERM: workers finish what they hold, nothing is lost.
            """)

    @OptionGroup var options: ConfigOptions

    @Flag(name: .long, help: "Also runs a private redis-server (data below var/) and the simulated endpoint pool.")
    var embedded = false

    @Option(name: .long, help: "Worker processes.")
    var processes: Int?

    @Option(name: .long, help: ArgumentHelp("Folder for the data of --embedded.", valueName: "folder"))
    var data = "var"

    func run() async throws {
        let settings = try await options.load(processes.map { [("worker.processes", String($0))] } ?? [])
        let observability = Observability(settings, role: "up")
        let logger = observability.logger
        var stages: [[ChildProcess]] = []
        var children = options
        if embedded {
            let pool = try EmbeddedPool(settings: settings, options: options, folder: data, logger: logger)
            stages.append(pool.children)
            children.config = pool.config
            // The private server and pool win over an environment that names others.
            children.overrides += pool.overrides
        }
        stages.append([intake(children, logger)])
        stages.append(WorkerCommand.children(settings, children, logger: logger))
        try await Supervisor(stages: stages, logger: logger).run()
    }

    private func intake(_ options: ConfigOptions, _ logger: Logger) -> ChildProcess {
        ChildProcess(
            name: "intake", executable: ThisProgram.path, arguments: ["intake", "--supervised"] + options.arguments,
            patience: .seconds(15), heedsHangups: true, logger: logger)
    }
}
