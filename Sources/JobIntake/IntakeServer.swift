package import Hummingbird
import HummingbirdCore
package import JobFlow
package import Logging
import NIOCore

/// The HTTP intake. Stops on graceful shutdown: it takes no new connections, ends held-back polls, answers what it has
/// begun, and closes idle connections.
package struct IntakeServer: Sendable {
    private let configuration: IntakeConfiguration
    private let responder: IntakeResponder
    private let logger: Logger

    /// - Parameters:
    ///   - metrics: the text of `GET /metrics`.
    ///   - readiness: why the intake is not ready; empty when it is. Has to end when its task is cancelled.
    ///   - instruments: what counts the intake's own requests.
    package init(
        configuration: IntakeConfiguration, store: any JobStore, now: @escaping WallClock,
        metrics: @escaping @Sendable () -> String, readiness: @escaping @Sendable () async -> [String], logger: Logger,
        instruments: IntakeMetrics = IntakeMetrics()
    ) {
        let submit = SubmitJob(store, configuration, now: now, instruments, logger)
        let read = ReadJob(store: store, logger: logger)
        let health = HealthRoutes(readiness: readiness, timeout: configuration.readinessTimeout)
        let scrape = MetricsRoute(text: metrics)
        let routes = [
            Route(.post, "/v1/jobs", instruments, submit.respond),
            Route(.get, "/v1/jobs/{id}", instruments, read.job),
            Route(.get, "/v1/jobs/{id}/attempts", instruments, read.attempts),
            Route(.get, "/health", instruments) { _ in await health.health() },
            Route(.get, "/readyz", instruments) { _ in await health.health() },
            Route(.get, "/livez", instruments) { _ in health.alive() },
            Route(.get, "/metrics", instruments) { _ in scrape.respond() },
        ]
        self.configuration = configuration
        self.logger = logger
        responder = IntakeResponder(routes: RouteTable(routes: routes), metrics: instruments, logger: logger)
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Parameter onListening: is told the port, which is news when the configuration says 0.
    /// - Throws: what the system says when the address cannot be bound.
    package func run(onListening: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        try await application(onListening: onListening).run()
    }

    package func application(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in })
        -> Application<IntakeResponder>
    {
        Application(
            responder: responder, server: .http1(configuration: connections),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.maximumConnections, logger: serverLogger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
            logger: serverLogger)
    }

    private var connections: HTTP1Channel.Configuration {
        let requestTimeout = TimeAmount(configuration.requestTimeout)
        let unrouted = responder.metrics.unrouted
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionHandler(requestTimeout: requestTimeout, metrics: unrouted)],
            idleTimeout: TimeAmount(configuration.idleTimeout))
    }

    /// The framework's own lines say nothing that ours do not.
    private var serverLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
