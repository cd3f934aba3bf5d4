import GRDB
import JobFlow

extension AuditFilter {
    /// The conditions and their values; empty when everything is allowed.
    var condition: (sql: String, arguments: [any DatabaseValueConvertible]) {
        var terms: [String] = []
        var arguments: [any DatabaseValueConvertible] = []
        func require(_ term: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            terms.append(term)
            arguments.append(value)
        }
        require("job = ?", job?.description)
        require("endpoint = CAST(? AS TEXT)", endpoint.map(ExactText.argument))
        require("outcome = ?", outcome?.rawValue)
        require("started_at_ms >= ?", since?.milliseconds)
        require("started_at_ms < ?", until?.milliseconds)
        return (terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND "), arguments)
    }
}
