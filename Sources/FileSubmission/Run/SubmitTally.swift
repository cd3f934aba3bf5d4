/// What has come of a submitted file so far. A value; whoever shows it says when.
package struct SubmitTally: Sendable, Equatable {
    /// Lines that are no blank ones.
    package var total = 0
    /// Lines that the intake has seen, rejected ones too.
    package var submitted = 0
    package var rejected = 0
    package var completed = 0
    package var failed = 0
    /// Jobs that needed more than one attempt, and the one with the most.
    package private(set) var retried = 0
    package private(set) var mostRetried: Retried?
    /// Results are waited for.
    package var waits = false
    /// Why nothing moves at the moment.
    package var notice: String?

    package struct Retried: Sendable, Equatable {
        package var id: String
        package var attempts: Int
    }

    package init() {}

    package var ended: Int { completed + failed + rejected }
    /// What the bar shows.
    package var done: Int { waits ? ended : submitted }
    /// No line failed.
    package var isFlawless: Bool { failed + rejected == 0 }

    package mutating func sawAttempts(_ attempts: Int, _ id: String) {
        guard attempts > 1 else { return }
        retried += 1
        if attempts > mostRetried?.attempts ?? 0 { mostRetried = Retried(id: id, attempts: attempts) }
    }
}
