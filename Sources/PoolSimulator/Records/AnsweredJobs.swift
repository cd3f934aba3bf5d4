/// Which jobs have had an answer, and whether any had a second one: the proof that a queue spends no money twice.
///
/// Keeps a 64-bit hash for each of the last million jobs, some 30 MB when full. A job that was forgotten counts anew.
package struct AnsweredJobs: Sendable {
    private let capacity: Int
    /// Hash of the job, and whether it was answered more than once.
    private var jobs: [UInt64: Bool] = [:]
    private var order: [UInt64] = []
    private var oldest = 0
    /// Distinct jobs with an answer.
    package private(set) var answered = 0
    /// Jobs with more than one answer.
    package private(set) var duplicates = 0

    package init(capacity: Int = 1_000_000) { self.capacity = max(1, capacity) }

    package mutating func answer(_ job: UInt64) {
        switch jobs[job] {
        case true?: break
        case false?:
            jobs[job] = true
            duplicates += 1
        case nil: remember(job)
        }
    }

    package mutating func reset() { self = AnsweredJobs(capacity: capacity) }

    private mutating func remember(_ job: UInt64) {
        if order.count < capacity {
            order.append(job)
        } else {
            jobs[order[oldest]] = nil
            order[oldest] = job
            oldest = (oldest + 1) % capacity
        }
        jobs[job] = false
        answered += 1
    }
}
