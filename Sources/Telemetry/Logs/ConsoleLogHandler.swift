package import Logging

/// One readable line: time of day in UTC, level, logger, message, then the metadata as `key=value`. In colour when the
/// sink is a terminal.
package struct ConsoleLogHandler: LineLogHandler {
    package var core: LogHandlerCore

    package func log(event: LogEvent) {
        core.sink.write(Array(Self.text(core.line(event), inColour: core.sink.isTerminal).utf8))
    }

    static func text(_ line: LogLine, inColour: Bool) -> String {
        func paint(_ code: String, _ text: String) -> String { inColour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
        let level = line.level.rawValue.uppercased()
        var parts = [
            paint("2", LogTime.clock(line.time)),
            paint(colour(of: line.level), level + String(repeating: " ", count: max(0, 8 - level.count))),
            paint("2", ConsoleText.visible(line.logger)), ConsoleText.visible(line.message),
        ]
        for (key, value) in line.metadata {
            parts.append(paint("36", ConsoleText.visible(key)) + "=" + ConsoleText.value("\(value)"))
        }
        return parts.joined(separator: " ") + "\n"
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
