import JobFlow

/// What has come of a submitted file so far. A value; `Progress` shows it.
struct SubmitTally: Sendable, Equatable {
    var total: Int?
    var submitted = 0
    var rejected = 0
    private(set) var completed = 0
    private(set) var failed = 0
    /// Jobs that needed more than one attempt, and one of them to look at.
    private(set) var retried = 0
    private(set) var mostRetried: (id: String, attempts: Int)?

    var ended: Int { completed + failed + rejected }

    mutating func ended(id: String, status: String, attempts: Int) {
        if status == JobState.completed.rawValue { completed += 1 } else { failed += 1 }
        guard attempts > 1 else { return }
        retried += 1
        if attempts > mostRetried?.attempts ?? 0 { mostRetried = (id, attempts) }
    }

    static func == (a: SubmitTally, b: SubmitTally) -> Bool {
        (a.total, a.submitted, a.rejected, a.completed, a.failed, a.retried)
            == (b.total, b.submitted, b.rejected, b.completed, b.failed, b.retried)
    }
}
