extension TokenUse {
    /// Under names that every board can keep: endpoint, model and queue have at most 64 characters, and no `|`.
    package var underKeptNames: TokenUse {
        var use = self
        for name in [\TokenUse.endpoint, \.model, \.queue] { use[keyPath: name] = Self.keptName(use[keyPath: name]) }
        return use
    }

    /// Tokens of prompts and answers.
    package var total: Int {
        let (sum, overflow) = prompt.addingReportingOverflow(completion)
        return overflow ? .max : sum
    }

    /// Adds what was used under the same names.
    package mutating func add(_ other: TokenUse) {
        for count in [\TokenUse.calls, \.estimated, \.prompt, \.completion, \.cached] {
            let (sum, overflow) = self[keyPath: count].addingReportingOverflow(other[keyPath: count])
            self[keyPath: count] = overflow ? .max : sum
        }
    }

    package static func keptName(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(64).map { $0 == "|" ? "_" : $0 }))
    }
}
