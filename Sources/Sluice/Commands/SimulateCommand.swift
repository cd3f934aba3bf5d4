import ArgumentParser
import Foundation
import Logging
import PoolSimulator
import ServiceLifecycle
import Settings

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Runs a simulated Azure OpenAI pool.",
        discussion: """
            Every endpoint of worker.json is a path: http://127.0.0.1:8090/eastus-ptu
            Example: sluice simulate --listen 127.0.0.1:8090
            While it runs: curl -d '{"latency_ms":2000}' http://127.0.0.1:8090/_sim/endpoints/eastus-ptu

            Scenarios that need no file, on the endpoints of worker.json:
            \(NamedScenario.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
            """)

    @OptionGroup var options: ConfigOptions

    @Option(name: .long, help: "Where to listen, host:port; port 0 picks a free one.")
    var listen = "127.0.0.1:8090"

    @Option(name: .long, help: "A scenario file (JSON) instead of worker.json's endpoints, or a scenario's name.")
    var scenario: String?

    @Flag(name: .long, help: .hidden)
    var supervised = false

    func validate() throws { _ = try address() }

    func run() async throws {
        let settings = try isFile ? Settings.defaults : options.load()
        let observability = Observability(settings, role: "simulate")
        let logger = observability.logger
        let simulator = SimulatedPoolService(
            simulator: PoolSimulator(configuration: try configuration(settings), logger: logger))
        let watch: [any Service] = supervised ? [ParentWatch()] : []
        try await ProcessServices(main: [simulator] + watch, logger: logger).run()
    }

    private struct SimulatedPoolService: Service {
        let simulator: PoolSimulator

        func run() async throws { try await simulator.run { _ in } }
    }

    private func address() throws -> (host: String, port: Int) {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            0...65535 ~= port
        else { throw ValidationError("--listen '\(listen)': host:port was expected, for example 127.0.0.1:8090") }
        return (String(listen[..<colon]), port)
    }

    /// A file wins over a built-in scenario of the same name.
    private var isFile: Bool {
        guard let scenario else { return false }
        return NamedScenario(rawValue: scenario) == nil || FileManager.default.fileExists(atPath: scenario)
    }

    private func configuration(_ settings: Settings) throws -> SimulatorConfiguration {
        let (host, port) = try address()
        guard isFile, let scenario else {
            var configuration = SimulatorConfiguration(settings, host: host, port: port)
            let named = scenario.flatMap(NamedScenario.init)
            configuration.timeline = named?.timeline(for: configuration.endpoints) ?? .empty
            return configuration
        }
        guard let file = FileManager.default.contents(atPath: scenario) else {
            let names = NamedScenario.allCases.map(\.rawValue).joined(separator: ", ")
            throw PlainError("--scenario \(scenario): no such file, or not readable; without a file there are \(names)")
        }
        var configuration = try SimulatorConfiguration(scenario: Array(file))
        (configuration.host, configuration.port) = (host, port)
        return configuration
    }
}
