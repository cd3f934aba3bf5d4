import JobFlow

/// The sentences that say what is there and what is allowed.
enum Refusal {
    static func of(_ value: JSONValue, _ rule: ValueRule) -> String {
        if let text = value.string { return of(text, rule) }
        return sentence(ShownValue.json(value, rule), rule, isBareNumber: value.kind == .number)
    }

    static func of(_ value: JSONValue, _ node: SchemaNode) -> String {
        "is \(ShownValue.json(value, .secret)); allowed is \(node.allowed)"
    }

    static func of(_ text: String, _ rule: ValueRule) -> String {
        let isBareNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return sentence(ShownValue.text(text, rule), rule, isBareNumber: isBareNumber, meant: meant(text, rule))
    }

    static func unknownKey(_ name: String, _ keys: [SchemaKey]) -> String {
        let names = keys.map(\.name)
        let meant = Spelling.suggestion(for: name, among: names) ?? place(of: name)
        return "is not a known key\(question(meant)); "
            + "allowed are \(names.joined(separator: ", "))"
    }

    /// ` (did you mean 'x'?)`, or nothing.
    static func question(_ suggestion: String?) -> String { suggestion.map { " (did you mean '\($0)'?)" } ?? "" }

    /// A key of this very name in another section.
    private static func place(of name: String) -> String? {
        Settings.schema.keys(in: Shape()).first { $0.steps.last == .key(name) }?.description
    }

    private static func sentence(
        _ shown: String, _ rule: ValueRule, isBareNumber: Bool, meant: String? = nil
    ) -> String {
        if case .duration = rule, isBareNumber {
            return "is \(shown), a number without a unit; allowed is \(rule.allowed)"
        }
        return "is \(shown)\(question(meant)); allowed is \(rule.allowed)"
    }

    private static func meant(_ text: String, _ rule: ValueRule) -> String? {
        if case .choice(let words) = rule { Spelling.suggestion(for: text, among: words) } else { nil }
    }
}
