import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Settings

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Runs worker processes.",
        discussion: "Example: sluice worker --config worker.json --processes 2")

    @OptionGroup var options: ConfigOptions

    @Option(name: .long, help: "Worker processes; more than one are children of this one and restarted when they die.")
    var processes: Int?

    @Option(name: .long, help: "Calls in flight at once, in each process.")
    var concurrency: Int?

    @Flag(name: .long, help: .hidden)
    var supervised = false

    func run() async throws {
        let flags = [
            processes.map { (path: "worker.processes", value: String($0)) },
            concurrency.map { (path: "worker.concurrency", value: String($0)) },
        ].compactMap(\.self)
        let settings = try await options.load(flags)
        let observability = Observability(settings, role: "worker")
        if supervised || settings.worker.processes == 1 {
            let watch: [any Service] = supervised ? [ParentWatch()] : []
            let assembly = WorkerAssembly(
                settings: settings, observability: observability, file: options.config,
                load: { [options] in try await options.load(flags) })
            return try await OneThread.run { try await assembly.run(alongside: watch) }
        }
        let children = Self.children(settings, options, concurrency: concurrency, logger: observability.logger)
        try await Supervisor(stages: [children], logger: observability.logger).run()
    }

    /// One child a process. Each listens on a port of its own: the configured one, the next, and so on (0 stays 0).
    static func children(
        _ settings: Settings, _ options: ConfigOptions, concurrency: Int? = nil, logger: Logger
    ) -> [ChildProcess] {
        (0..<settings.worker.processes).map { index in
            let listen = settings.worker.listen
            let port = listen.port == 0 ? 0 : listen.port + index
            var arguments = ["worker", "--supervised"] + options.arguments
            arguments += ["--set", "worker.listen=\(listen.host):\(port)"]
            if let concurrency { arguments += ["--concurrency", String(concurrency)] }
            return ChildProcess(
                name: "worker-\(index + 1)", executable: ThisProgram.path, arguments: arguments,
                patience: settings.worker.drain + .seconds(10), heedsHangups: true, logger: logger)
        }
    }
}

/// The file that this process runs.
enum ThisProgram {
    static let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
}
