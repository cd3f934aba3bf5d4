import Foundation
import Logging
import Synchronization
import Telemetry

/// Keeps the lines.
final class CapturingSink: LogSink {
    let isTerminal: Bool
    private let captured = Mutex<[String]>([])

    init(isTerminal: Bool = false) { self.isTerminal = isTerminal }

    var lines: [String] { captured.withLock { $0 } }

    func write(_ line: [UInt8]) { captured.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }

    /// The lines as JSON objects; nil for one that is none.
    var objects: [[String: Any]?] {
        lines.map { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }

    /// A logger of this sink at 2026-11-22 15:04:05.067 UTC.
    func logger(
        _ format: LogFormat, level: LogThreshold = LogThreshold(.trace), provider: Logger.MetadataProvider? = nil
    ) -> Logger {
        Logger(label: "sluice.test") { label in
            makeLogHandler(
                label: label, format: format, level: level, sink: self, metadataProvider: provider,
                clock: { 1_795_359_845_067 })
        }
    }
}
