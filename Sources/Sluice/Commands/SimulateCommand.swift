import ArgumentParser
import Foundation
import JobIntake
import Logging
import PoolRehearsal
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

            Before a backlog is sent, how long it takes on this pool, and what spilling would cost:
              sluice simulate --plan prompts.jsonl --price-input 2.50 --price-output 10

            Scenarios that need no file, on the endpoints of worker.json:
            \(NamedScenario.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
            """)

    @OptionGroup var options: ConfigOptions

    @OptionGroup(title: "Plan") var plan: PlanOptions

    @Option(name: .long, help: "Where to listen, host:port; port 0 picks a free one.")
    var listen = "127.0.0.1:8090"

    @Option(name: .long, help: "A scenario file (JSON) instead of worker.json's endpoints, or a scenario's name.")
    var scenario: String?

    @Flag(name: .long, help: .hidden)
    var supervised = false

    func validate() throws { _ = try address() }

    func run() async throws {
        if let file = plan.file { return try await tell(plan: file) }
        let settings = try await isFile ? Settings.defaults : options.load()
        let observability = Observability(settings, role: "simulate")
        let logger = observability.logger
        let simulator = SimulatedPoolService(
            simulator: PoolSimulator(configuration: try configuration(settings), logger: logger))
        let watch: [any Service] = supervised ? [ParentWatch()] : []
        try await ProcessServices(main: [simulator] + watch, logger: logger).run()
    }

    /// Runs nothing: the backlog is played in virtual time.
    private func tell(plan file: String) async throws {
        let named = try scenario.map { name in
            guard let named = NamedScenario(rawValue: name) else {
                let names = NamedScenario.allCases.map(\.rawValue).joined(separator: ", ")
                throw PlainError("--scenario \(name): a plan knows \(names)")
            }
            return named
        }
        let settings = try await options.load()
        guard !settings.pool.endpoints.isEmpty else {
            throw PlainError("pool.endpoints: a plan needs at least one endpoint")
        }
        guard file == "-" || FileManager.default.isReadableFile(atPath: file) else {
            throw PlainError("--plan \(file): no such file, or not readable")
        }
        var reader = PlanJobs(IntakeConfiguration(settings), plan, now: SystemTime.now())
        let jobs: [RehearsedJob]
        do { jobs = try await reader.read(LineFile(path: file)) } catch { throw PlainError("--plan \(file): \(error)") }
        let outcome = await Plan(settings, plan, named, jobs)
        print(plan.json ? PlanJSON.text(outcome) : PlanText(plan: outcome).text)
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
