import ArgumentParser
import ServiceLifecycle

struct IntakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "Runs the HTTP intake.",
        discussion: "Example: sluice intake --config worker.json --listen 0.0.0.0:8080")

    @OptionGroup var options: ConfigOptions

    @Option(name: .long, help: "Where to listen, host:port; port 0 picks a free one.")
    var listen: String?

    @Flag(name: .long, help: .hidden)
    var supervised = false

    func run() async throws {
        let flags = listen.map { [(path: "intake.listen", value: $0)] } ?? []
        let settings = try await options.load(flags)
        let observability = Observability(settings, role: "intake")
        let watch: [any Service] = supervised ? [ParentWatch()] : []
        let assembly = IntakeAssembly(
            settings: settings, observability: observability, file: options.config,
            load: { [options] in try await options.load(flags) })
        try await OneThread.run { try await assembly.run(alongside: watch) }
    }
}
