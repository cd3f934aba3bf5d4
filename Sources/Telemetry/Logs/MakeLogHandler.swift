package import Logging

/// Makes the handler of one logger, for `LoggingSystem.bootstrap`. `level` is shared: setting it later moves all
/// loggers that have no level of their own. `clock` gives milliseconds since 1970.
package func makeLogHandler(
    label: String, format: LogFormat, level: LogThreshold, sink: any LogSink,
    metadataProvider: Logger.MetadataProvider? = nil, clock: (@Sendable () -> Int64)? = nil
) -> any LogHandler {
    let core = LogHandlerCore(
        label: label, threshold: level, sink: sink, clock: clock ?? LogTime.now, provider: metadataProvider)
    switch format {
    case .json: return JSONLogHandler(core: core)
    case .console: return ConsoleLogHandler(core: core)
    }
}
