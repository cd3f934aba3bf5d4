import Logging
import Synchronization

/// Keeps the notices of a logger.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var notices: [String] { lines.withLock { $0 } }

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
            if event.level == .notice { log.lines.withLock { $0.append("\(event.message)") } }
        }
    }
}
