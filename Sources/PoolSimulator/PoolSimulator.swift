import Hummingbird
package import Logging
import NIOCore

/// A pool of Azure OpenAI resources that answers like the real one, but for free and with faults on demand.
///
/// Every endpoint lives below `/{name}`; `/_sim/…` changes behaviours and tells what was seen. It serves demos, tests
/// and load tests, on a loopback address: there is no TLS, and the admin routes ask for no key.
package struct PoolSimulator: Sendable {
    private let configuration: SimulatorConfiguration
    private let logger: Logger

    package init(configuration: SimulatorConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until the task is cancelled or a surrounding service group shuts down, then returns. Calls in the middle
    /// of their delay are answered at once, hanging ones are closed.
    ///
    /// - Parameter onListening: Called once, with the port that was bound.
    /// - Throws: `SimulatorProblem` for an unusable configuration, else what binding the address threw.
    package func run(onListening: @escaping @Sendable (_ port: Int) -> Void) async throws {
        try configuration.validate()
        let host = configuration.host
        let pool = SimulatedPool(configuration)
        let application = Application(
            responder: SimulatorResponder(pool),
            server: .http1(configuration: .init(additionalChannelHandlers: [ClientPresence()])),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: configuration.port), backlog: 4096),
            onServerRunning: { [logger] channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("listening", metadata: ["address": "\(host):\(port)"])
                onListening(port)
            },
            logger: serverLogger)
        try await withThrowingTaskGroup { group in
            group.addTask { await TimelinePlayer(pool: pool).run() }
            defer { group.cancelAll() }
            do {
                try await application.run()
            } catch is CancellationError {
                // Being cancelled is how a simulator without a service group is stopped.
            }
        }
    }

    /// Hummingbird says at info what we say ourselves.
    private var serverLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
