import JobFlow

/// How a value that is not allowed is quoted in an error: short, and never a secret.
enum ShownValue {
    static let maximumLength = 60

    static func json(_ value: JSONValue, _ rule: ValueRule) -> String {
        switch value.kind {
        case .object: "an object"
        case .array: "an array"
        case .null: "null"
        case .string: text(value.string ?? "", rule)
        case .number: rule.isSecret ? "a number" : short(String(decoding: value.raw, as: UTF8.self))
        case .bool: String(decoding: value.raw, as: UTF8.self)
        }
    }

    static func text(_ text: String, _ rule: ValueRule) -> String {
        if text.isEmpty { return "empty" }
        if hides(text, rule) { return "a text that is not shown here" }
        return "\"\(short(text.withoutUserInfo))\""
    }

    /// A URL can be shown without its password; what is no URL at all may be a password put in the wrong place.
    private static func hides(_ text: String, _ rule: ValueRule) -> Bool {
        if case .redisURL = rule { !text.contains("://") } else { rule.isSecret }
    }

    private static func short(_ text: String) -> String {
        let printable = String(text.map { $0.isNewline ? " " : $0 })
        return printable.count > maximumLength ? "\(printable.prefix(maximumLength))…" : printable
    }
}
