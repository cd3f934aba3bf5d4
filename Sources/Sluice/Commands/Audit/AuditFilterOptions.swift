import ArgumentParser
import JobFlow
import RunAudit

/// Which attempts.
struct AuditFilterOptions: ParsableArguments {
    @Option(name: .long, help: "Attempts of one job.", transform: Self.job) var job: JobID?
    @Option(name: .long, help: "Attempts on one endpoint.") var endpoint: String?
    @Option(name: .long, help: "completed, retry, failed, released, abandoned or cancelled.", transform: Self.outcome)
    var outcome: Attempt.Outcome?
    @Option(
        name: .long, help: "Attempts that started at this time or later: RFC 3339, or how long ago, 24h.",
        transform: TimeText.parse)
    var since: Timestamp?
    @Option(
        name: .long, help: "Attempts that started before this time: RFC 3339, or how long ago, 7d.",
        transform: TimeText.parse)
    var until: Timestamp?

    var value: AuditFilter {
        AuditFilter(job: job, endpoint: endpoint, outcome: outcome, since: since, until: until)
    }

    private static func job(_ text: String) throws -> JobID {
        guard let id = JobID(text) else { throw ValidationError("not the id of a job") }
        return id
    }

    private static func outcome(_ text: String) throws -> Attempt.Outcome {
        guard let outcome = Attempt.Outcome(rawValue: text) else {
            throw ValidationError("completed, retry, failed, released, abandoned or cancelled was expected")
        }
        return outcome
    }
}
