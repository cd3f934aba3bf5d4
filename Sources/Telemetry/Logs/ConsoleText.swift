/// Text of others on a terminal: one line, and no control characters that would move the cursor or change its colour.
enum ConsoleText {
    static let maximumLength = 16_384

    static func visible(_ text: String) -> String {
        // Nearly every text is plain, and asking each character what it is costs as much as all the rest of a line.
        if text.utf8.count <= maximumLength, text.utf8.allSatisfy({ 0x20..<0x7f ~= $0 }) { return text }
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
        guard shown.isEmpty || shown.utf8.contains(where: isDelimiter) else { return shown }
        return "\"" + shown.replacing("\"", with: "\\\"") + "\""
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "=")
    }
}
