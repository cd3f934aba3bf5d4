package import Logging

/// One JSON object a line: `time`, `level`, `logger`, `message`, then the metadata under their own keys. A key that is
/// taken by one of those four is written as `metadata.` and the key.
package struct JSONLogHandler: LineLogHandler {
    package var core: LogHandlerCore

    package func log(event: LogEvent) { core.sink.write(Self.encode(core.line(event))) }

    static func encode(_ line: LogLine) -> [UInt8] {
        var text = JSONText()
        text.open("{")
        text.key("time")
        text.string(LogTime.rfc3339(line.time))
        text.key("level")
        text.string(line.level.rawValue)
        text.key("logger")
        text.string(line.logger)
        text.key("message")
        text.string(line.message)
        for (key, value) in line.metadata {
            text.key(isOwn(key) ? "metadata." + key : key)
            text.value(value, depth: 0)
        }
        text.close("}")
        text.endLine()
        return text.bytes
    }

    /// Compared word by word: to hash each key of each line costs more.
    private static func isOwn(_ key: String) -> Bool {
        switch key {
        case "time", "level", "logger", "message": true
        default: false
        }
    }
}
