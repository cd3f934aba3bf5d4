import JobFlow

/// Every accepted job has exactly one end, and it was never denied.
enum EndingCheck {
    static func violations(_ evidence: Evidence) -> [String] {
        evidence.client.oddities.map { "odd: \($0)" } + evidence.jobs.flatMap(violations)
    }

    static func isLost(_ job: Evidence.JobEvidence) -> Bool {
        job.client != nil && job.state?.isTerminal != true
    }

    static func isDouble(_ job: Evidence.JobEvidence) -> Bool { (job.client?.endings.count ?? 0) > 1 }

    private static func violations(_ job: Evidence.JobEvidence) -> [String] {
        guard let client = job.client else { return [] }
        var found: [String] = []
        if isLost(job) {
            let state = job.state?.rawValue ?? "unknown to the queue"
            found.append("lost: \(job.id) (\(client.submission)), accepted, is \(state)")
        }
        if isDouble(job) {
            found.append("double result: \(job.id) was read as \(client.endings.map(\.state.rawValue))")
        }
        if let state = job.state, state.isTerminal, let read = client.endings.first, read.state != state {
            found.append("double result: \(job.id) was read as \(read.state.rawValue), is \(state.rawValue)")
        }
        if client.denials > 0 {
            found.append("denied: \(job.id) was accepted, and answered 404 \(client.denials) times")
        }
        return found
    }
}
