import GRDB
import JobFlow

/// What one caller gives to the journal: changes that are written in one transaction, or not at all. They are made where
/// they are asked for, so that the one thread that writes has only to bind values and to step.
struct JournalEntry: Sendable {
    /// Each has to go through whatever the tables hold: one that could fail would fail the entries beside it.
    var changes: [Change]
    /// What it counts as: the attempts of a settlement, the jobs of a list; one for anything else.
    var rows: Int
    /// Prompts and answers in it, about.
    var bytes = 0
    /// Whether it may be given up when the disk fails for long.
    var isExpendable = true

    /// What it counts as against the bounds, where large values are more than a row.
    var weight: Int { rows + bytes / 8192 }

    /// Whether the first change has to find something to change, or the others are left out.
    var isConditional = false

    struct Change: Sendable {
        var statement: JournalStatement
        var values: StatementValues
        /// What the chain says of the row, where the change adds one to the ledger.
        var sealed: SealedRow?

        init(_ statement: JournalStatement, _ values: StatementValues, sealed: SealedRow? = nil) {
            self.statement = statement
            self.values = values
            self.sealed = sealed
        }

        /// A change of the row that this names.
        init(_ statement: JournalStatement, _ job: JobID, _ moments: Timestamp...) {
            var values = StatementValues(count: 1 + moments.count, bytes: 40)
            values.add(job)
            for moment in moments { values.add(moment) }
            self.init(statement, values)
        }
    }

    /// Adds to the draft what has to be sealed of it.
    func write(_ db: Database, _ statements: inout PreparedStatements, _ draft: inout SealDraft) throws {
        for (index, change) in changes.enumerated() {
            if change.statement == .renumber {
                for id in try statements.ids(change) { draft.amend(id, try AttemptRow.sealed(id, db)) }
                continue
            }
            try statements.run(change)
            if isConditional, index == 0, db.changesCount == 0 { return }
            if let sealed = change.sealed, db.changesCount > 0 { draft.add(db.lastInsertedRowID, sealed) }
        }
    }
}
