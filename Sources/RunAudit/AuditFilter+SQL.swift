import GRDB
import JobFlow

/// Conditions that all have to hold, and their values.
struct FilterTerms {
    private var terms: [String] = []
    private(set) var arguments: [any DatabaseValueConvertible] = []

    /// Empty when everything is allowed.
    var sql: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

    mutating func require(_ term: String, _ values: any DatabaseValueConvertible...) {
        terms.append(term)
        arguments += values
    }
}

extension AuditFilter {
    var terms: FilterTerms {
        var terms = FilterTerms()
        if let job { terms.require("job = ?", job.description) }
        if let endpoint { terms.require("endpoint = CAST(? AS TEXT)", ExactText.argument(endpoint)) }
        if let outcome { terms.require("outcome = ?", outcome.rawValue) }
        if let since { terms.require("started_at_ms >= ?", since.milliseconds) }
        if let until { terms.require("started_at_ms < ?", until.milliseconds) }
        return terms
    }
}
