/// What one transaction adds to the chain: a pure value. One run of rows with neighbouring ids becomes one seal; a transaction
/// has one, as long as nobody else numbers rows.
struct SealDraft: Sendable, Equatable {
    struct Run: Sendable, Equatable {
        /// Nil while it has no rows, only amendments.
        var first: Int64?
        var rows: Int64 = 0
        var amendments = 0
        var content: [UInt8] = []
    }

    private(set) var runs: [Run] = []

    mutating func add(_ id: Int64, _ row: SealedRow) {
        if let last = runs.last, last.first.map({ $0 + last.rows != id }) ?? false { runs.append(Run()) }
        inLastRun { run in
            run.first = run.first ?? id
            run.rows += 1
            SealContent.append(.row(row), to: &run.content)
        }
    }

    /// A row that was there before has changed.
    mutating func amend(_ id: Int64, _ row: SealedRow) {
        inLastRun { run in
            run.amendments += 1
            SealContent.append(.amendment(id, row), to: &run.content)
        }
    }

    private mutating func inLastRun(_ change: (inout Run) -> Void) {
        if runs.isEmpty { runs.append(Run()) }
        change(&runs[runs.count - 1])
    }
}
