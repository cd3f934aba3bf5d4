/// One submission is one job, however often it was sent: with a key because of the key, without one because it was sent once.
enum IdempotencyCheck {
    static func violations(_ evidence: Evidence) -> [String] {
        ranTwice(evidence) + foreign(evidence)
    }

    /// Two ids for one key may be told while Redis is away; then one is another name of the other, and one of them runs.
    static func aliases(_ evidence: Evidence) -> Int {
        let submissions = evidence.jobs.compactMap(\.client?.submission)
        return submissions.count - Set(submissions).count
    }

    private static func ranTwice(_ evidence: Evidence) -> [String] {
        let ran = evidence.jobs.filter { !$0.calls.isEmpty }
        let bySubmission = Dictionary(grouping: ran) { $0.calls[0].correlationID }
        return bySubmission.filter { $1.count > 1 }
            .map { "ran twice: \($0) as \($1.map(\.id).sorted().joined(separator: ", "))" }
    }

    /// A job that no client was told of can only come from a submission whose reply was lost.
    private static func foreign(_ evidence: Evidence) -> [String] {
        evidence.jobs.filter { $0.client == nil && !$0.calls.isEmpty }
            .filter { !evidence.client.unanswered.contains($0.calls[0].correlationID) }
            .map { "foreign: \($0.id) of \($0.calls[0].correlationID) ran, and no client was told of it" }
    }
}
