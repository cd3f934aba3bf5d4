package import Logging

/// What both handlers are made of.
package struct LogHandlerCore: Sendable {
    let label: String
    let threshold: LogThreshold
    let sink: any LogSink
    let clock: @Sendable () -> Int64
    /// Set on this logger alone; otherwise the shared threshold counts.
    var ownLevel: Logger.Level?
    var metadata: Logger.Metadata = [:]
    var provider: Logger.MetadataProvider?

    /// Later sources win: the logger's own metadata, the provider's, the call's.
    func line(_ event: LogEvent) -> LogLine {
        var all = metadata
        if let provider { all.merge(provider.get()) { $1 } }
        if let extra = event.metadata { if all.isEmpty { all = extra } else { all.merge(extra) { $1 } } }
        if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
        return LogLine(
            time: clock(), level: event.level, logger: label, message: event.message.description,
            metadata: all.sorted { $0.key < $1.key })
    }
}

/// A handler that turns each event into one line for its sink.
package protocol LineLogHandler: LogHandler {
    var core: LogHandlerCore { get set }
}

extension LineLogHandler {
    package var logLevel: Logger.Level {
        get { core.ownLevel ?? core.threshold.level }
        set { core.ownLevel = newValue }
    }

    package var metadata: Logger.Metadata {
        get { core.metadata }
        set { core.metadata = newValue }
    }

    package var metadataProvider: Logger.MetadataProvider? {
        get { core.provider }
        set { core.provider = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { core.metadata[key] }
        set { core.metadata[key] = newValue }
    }
}
