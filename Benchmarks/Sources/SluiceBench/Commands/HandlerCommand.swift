import ArgumentParser
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

struct HandlerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handler", abstract: "Serves the intake's two busiest routes with handlers that do nothing.",
        discussion: "Prints {\"port\":N} when it listens, and runs until SIGTERM.")

    @Option(help: "0 picks a free one.")
    var port = 0

    func run() async throws { try await application.runService() }

    /// The server is set up as the intake sets up its own, so that only the handlers differ.
    private var application: Application<EmptyHandler> {
        var logger = Logger(label: "sluice-bench")
        logger.logLevel = .warning
        return Application(
            responder: EmptyHandler(),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(10_000, logger: logger)),
            onServerRunning: { channel in Self.report(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    private static func report(_ port: Int) {
        var figures = Figures()
        figures.add("port", port)
        figures.print()
    }
}
