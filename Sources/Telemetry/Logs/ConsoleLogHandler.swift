package import Logging

/// One readable line: time of day in UTC, level, logger, message, then the metadata as `key=value`. In colour when the
/// sink is a terminal.
package struct ConsoleLogHandler: LineLogHandler {
    package var core: LogHandlerCore

    package func log(event: LogEvent) {
        core.sink.write(Array(Self.text(core.line(event), inColour: core.sink.isTerminal).utf8))
    }

    static func text(_ line: LogLine, inColour: Bool) -> String {
        var text = ""
        text.reserveCapacity(512)
        func paint(_ code: String, _ part: String) {
            text += inColour ? "\u{1b}[\(code)m\(part)\u{1b}[0m" : part
        }
        paint("2", LogTime.clock(line.time))
        text += " "
        paint(colour(of: line.level), name(of: line.level))
        text += " "
        paint("2", ConsoleText.visible(line.logger))
        text += " "
        text += ConsoleText.visible(line.message)
        for (key, value) in line.metadata {
            text += " "
            paint("36", ConsoleText.visible(key))
            text += "="
            text += ConsoleText.value(plain(value))
        }
        return text + "\n"
    }

    private static func plain(_ value: Logger.MetadataValue) -> String {
        if case .string(let text) = value { text } else { "\(value)" }
    }

    /// All of one width.
    private static func name(of level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE   "
        case .debug: "DEBUG   "
        case .info: "INFO    "
        case .notice: "NOTICE  "
        case .warning: "WARNING "
        case .error: "ERROR   "
        case .critical: "CRITICAL"
        }
    }

    private static func colour(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "2"
        case .info: "32"
        case .notice: "34"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }
}
