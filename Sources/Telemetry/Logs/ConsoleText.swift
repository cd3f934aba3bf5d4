/// Text of others on a terminal: one line, and no control characters that would move the cursor or change its colour.
enum ConsoleText {
    static let maximumLength = 16_384

    static func visible(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(maximumLength) {
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            default:
                if scalar.properties.generalCategory == .control {
                    shown += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    shown.unicodeScalars.append(scalar)
                }
            }
        }
        return shown
    }

    /// In quotes where it would otherwise not be clear where the value ends.
    static func value(_ text: String) -> String {
        let shown = visible(text)
        guard shown.isEmpty || shown.contains(where: { " \"=".contains($0) }) else { return shown }
        return "\"" + shown.replacing("\"", with: "\\\"") + "\""
    }
}
