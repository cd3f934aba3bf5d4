extension TokenUse {
    /// Under names that every board can keep: endpoint, model and queue have at most 64 characters, and no `|`.
    package var underKeptNames: TokenUse {
        var use = self
        for name in [\TokenUse.endpoint, \.model, \.queue] { use[keyPath: name] = Self.kept(use[keyPath: name]) }
        return use
    }

    /// Adds what was used under the same names.
    package mutating func add(_ other: TokenUse) {
        for count in [\TokenUse.calls, \.estimated, \.prompt, \.completion, \.cached] {
            let (sum, overflow) = self[keyPath: count].addingReportingOverflow(other[keyPath: count])
            self[keyPath: count] = overflow ? .max : sum
        }
    }

    private static func kept(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(64).map { $0 == "|" ? "_" : $0 }))
    }
}
