import JobFlow

/// Usage summed up, as a table for people or as JSON lines. Pure.
struct UsageTable {
    enum Name: String, CaseIterable {
        case endpoint, model, queue
    }

    private static let counts: [(title: String, key: String)] = [
        ("calls", "calls"), ("estimated", "estimated_tokens"), ("prompt", "prompt_tokens"),
        ("completion", "completion_tokens"), ("cached", "cached_tokens"), ("total", "total_tokens"),
    ]

    private struct Row {
        var names: [String?]
        var counts: [Int]
    }

    private let names: [Name]
    private let rows: [Row]

    /// - Parameters:
    ///   - uses: objects of the list of `GET /v1/usage`.
    ///   - by: nil for one row for each of them.
    init(_ uses: [JSONObject], by: Name?) {
        let names = by.map { [$0] } ?? Name.allCases
        self.names = names
        rows = uses.reduce(into: []) { rows, use in
            let row = Row(names: names.map { use[$0.rawValue]?.string }, counts: Self.counts(of: use))
            if let index = rows.firstIndex(where: { $0.names == row.names }) {
                rows[index].counts = Self.sum(rows[index].counts, row.counts)
            } else {
                rows.append(row)
            }
        }
    }

    var text: String {
        let none = Self.counts.map { _ in 0 }
        let total = Row(
            names: names.indices.map { $0 == 0 ? "total" : "" }, counts: rows.map(\.counts).reduce(none, Self.sum))
        return TextTable.text(
            names.map(\.rawValue) + Self.counts.map(\.title),
            (rows + [total]).map { row in row.names.map { $0 ?? "-" } + row.counts.map(String.init) })
    }

    var lines: [String] {
        rows.map { row in
            let line = JSONWriter.object { json in
                for (name, value) in zip(names, row.names) { Self.member(&json, name, value) }
                for (count, value) in zip(Self.counts, row.counts) { json.member(named: count.key, value) }
            }
            return String(decoding: line, as: UTF8.self)
        }
    }

    private static func member(_ json: inout JSONWriter, _ name: Name, _ value: String?) {
        switch name {
        case .endpoint: json.member("endpoint", value)
        case .model: json.member("model", value)
        case .queue: json.member("queue", value)
        }
    }

    private static func counts(of use: JSONObject) -> [Int] { counts.map { use[$0.key]?.int ?? 0 } }

    private static func sum(_ some: [Int], _ more: [Int]) -> [Int] {
        zip(some, more).map { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    }
}
