/// The last calls that carried a job's id, oldest overwritten first.
struct CallLog: Sendable {
    private let capacity: Int
    private var records: [CallRecord] = []
    private var written = 0

    init(capacity: Int = 100_000) { self.capacity = max(1, capacity) }

    /// Returns the number by which `end` finds the record again.
    mutating func begin(_ record: CallRecord) -> Int {
        if records.count < capacity { records.append(record) } else { records[written % capacity] = record }
        written += 1
        return written - 1
    }

    /// Does nothing when the record was overwritten or cleared since.
    mutating func end(_ number: Int, _ outcome: CallOutcome) {
        guard number < written, number >= written - records.count else { return }
        records[number % capacity].outcome = outcome
    }

    /// In the order of their arrival. Looks at every record: an admin's call, not a client's.
    func calls(of job: String) -> [CallRecord] {
        let job = CallRecord.cut(job)
        return all.filter { $0.job == job }
    }

    /// In the order of their arrival.
    var all: [CallRecord] {
        let oldest = written - records.count
        return (oldest..<written).map { records[$0 % capacity] }
    }

    /// Numbers go on, so that calls that are still open cannot end another's record.
    mutating func reset() {
        records.removeAll()
        written = (written / capacity + 1) * capacity
    }
}
