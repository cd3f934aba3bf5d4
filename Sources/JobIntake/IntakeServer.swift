package import Hummingbird
import HummingbirdCore
package import JobFlow
package import Logging
import NIOCore

/// The HTTP intake. Stops on graceful shutdown: it takes no new connections, ends held-back polls, answers what it has
/// begun, and closes idle connections.
package struct IntakeServer: Sendable {
    private let configuration: IntakeConfiguration
    private let responder: Live<Shared<IntakeResponder>>
    private let respond: @Sendable (IntakeConfiguration) -> IntakeResponder
    private let runner: BatchRunner?
    private let unrouted: RouteMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - batches: counts the jobs of batches; without it there are no routes of batches.
    ///   - files: where files and the batches in them lie; without it there are no routes of files.
    ///   - outbox: ends of jobs that are to be told; without it there are no routes of webhooks.
    ///   - journal: where a job is written before the queue is asked; nil if there is none, and then the intake accepts
    ///     nothing while the queue is away.
    ///   - spool: counts the jobs that the queue does not have yet; shared with whoever sends them there.
    ///   - pool: tells how the endpoints stand; has to be running.
    ///   - tracer: makes the intake's spans; nil: there are none.
    ///   - metrics: the text of `GET /metrics`.
    ///   - readiness: why the intake is not ready; empty when it is. Has to end when its task is cancelled.
    ///   - instruments: what counts the intake's own requests.
    package init(
        configuration: IntakeConfiguration, store: any JobStore, control: any JobControl,
        log: any JobEvents, batches: (any JobBatches)? = nil, files: FileBatches? = nil,
        outbox: (any WebhookOutbox)? = nil,
        journal: (any JobJournal)? = nil, spool: Spool = Spool(), pool: PoolWatch? = nil, tracer: IntakeTracer? = nil,
        now: @escaping WallClock,
        metrics: @escaping @Sendable () -> String, readiness: @escaping @Sendable () async -> [String], logger: Logger,
        instruments: IntakeMetrics = IntakeMetrics()
    ) {
        let buckets = CallerBuckets()
        let routes: @Sendable (IntakeConfiguration) -> IntakeRoutes = { configuration in
            IntakeRoutes(
                configuration: configuration, store: store, control: control, log: log, batches: batches, files: files,
                outbox: outbox, journal: journal, spool: spool, pool: pool, buckets: buckets, tracer: tracer, now: now,
                instruments: instruments,
                logger: logger)
        }
        respond = { configuration in
            IntakeResponder(
                routes: RouteTable(routes: routes(configuration).all(metrics: metrics, readiness: readiness)),
                metrics: instruments, keys: Keyring(keys: configuration.keys), buckets: buckets, tracer: tracer,
                logger: logger)
        }
        runner = routes(configuration).runner
        spool.report(to: instruments, logger)
        self.configuration = configuration
        self.logger = logger
        unrouted = instruments.unrouted
        responder = Live(Shared(respond(configuration)))
    }

    /// Takes another configuration over, for the requests that come from now on: queues, keys, models, limits. What concerns
    /// connections, partitions and batches in files stays as it was.
    package func reconfigure(_ configuration: IntakeConfiguration) {
        responder.current = Shared(respond(configuration))
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Parameter onListening: is told the port, which is news when the configuration says 0.
    /// - Throws: what the system says when the address cannot be bound.
    package func run(onListening: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        try await application(onListening: onListening).run()
    }

    /// Runs the batches that lie in files, until the task is cancelled.
    package func runBatches() async { await SocketThread.leave { await runner?.run() } }

    package func application(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in })
        -> Application<LiveResponder>
    {
        Application(
            responder: LiveResponder(live: responder), server: .http1(configuration: connections),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.maximumConnections, logger: serverLogger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
            logger: serverLogger)
    }

    private var connections: HTTP1Channel.Configuration {
        let requestTimeout = TimeAmount(configuration.requestTimeout)
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
