import Logging
import Metrics
import Settings
import Telemetry

/// Logging and metrics of one process; set up once, before anything else.
struct Observability {
    let registry: PrometheusRegistry
    let logger: Logger
    /// What is less severe is not logged; changes with the settings.
    let threshold: LogThreshold

    init(_ settings: Settings, role: String) {
        registry = PrometheusRegistry(help: MetricNames.help, buckets: MetricNames.buckets)
        if settings.telemetry.metrics { MetricsSystem.bootstrap(registry) }
        let build = [("role", role), ("version", SluiceCommand.version)]
        Gauge(label: "sluice_build_info", dimensions: build).record(1)
        let format: LogFormat = settings.log.format == .console ? .console : .json
        let threshold = LogThreshold(Self.level(settings))
        self.threshold = threshold
        LoggingSystem.bootstrap { label in
            makeLogHandler(label: label, format: format, level: threshold, sink: FileLogSink.standardError)
        }
        logger = Logger(label: "sluice.\(role)")
    }

    func reconfigure(_ settings: Settings) { threshold.level = Self.level(settings) }

    private static func level(_ settings: Settings) -> Logger.Level {
        Logger.Level(rawValue: settings.log.level.rawValue) ?? .info
    }
}
