import Logging
import Metrics
import Settings
import Telemetry

/// Logging and metrics of one process; set up once, before anything else.
struct Observability {
    let registry: PrometheusRegistry
    let logger: Logger

    init(_ settings: Settings, role: String) {
        registry = PrometheusRegistry(help: MetricNames.help, buckets: MetricNames.buckets)
        MetricsSystem.bootstrap(registry)
        let level = Logger.Level(rawValue: settings.log.level.rawValue) ?? .info
        let format: LogFormat = settings.log.format == .console ? .console : .json
        let threshold = LogThreshold(level)
        LoggingSystem.bootstrap { label in
            makeLogHandler(label: label, format: format, level: threshold, sink: FileLogSink.standardError)
        }
        logger = Logger(label: "sluice.\(role)")
    }
}
