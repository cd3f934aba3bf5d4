import Logging
import Synchronization

/// Keeps the notices of a logger, and what is worse.
final class LogLines: Sendable {
    private let lines = Mutex<[(level: Logger.Level, message: String)]>([])

    var notices: [String] { lines.withLock { $0.filter { $0.level == .notice }.map(\.message) } }

    /// `level: message`.
    var all: [String] { lines.withLock { $0.map { "\($0.level): \($0.message)" } } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append((event.level, "\(event.message)")) }
        }
    }
}
