import Logging

/// What one log line says, before it has a form.
struct LogLine: Sendable {
    var time: Int64
    var level: Logger.Level
    var logger: String
    var message: String
    /// Sorted by key.
    var metadata: [(key: String, value: Logger.MetadataValue)]
}
