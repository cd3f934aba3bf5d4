import Logging
import NIOConcurrencyHelpers

/// Keeps what was logged, for tests that wait for it.
final class LogRecorder: Sendable {
    private let lines = NIOLockedValueBox<[String]>([])

    var logger: Logger { Logger(label: "redis.tests") { _ in Handler(recorder: self) } }

    func contains(_ text: String) -> Bool {
        lines.withLockedValue { $0.contains { $0.contains(text) } }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = metadata.merging(event.metadata ?? [:]) { $1 }
            recorder.lines.withLockedValue { $0.append("\(event.message) \(facts)") }
        }
    }
}
