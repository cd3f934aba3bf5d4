import ArgumentParser
import Foundation
import JobFlow
import RunAudit
import Settings

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Looks after the SQLite audit log.",
        subcommands: [Query.self, ReconcileCommand.self])

    struct Query: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "query", abstract: "Shows attempts, newest first.",
            discussion: "Example: sluice audit query --endpoint eastus-ptu --outcome retry --limit 20")

        @OptionGroup var options: ConfigOptions
        @Option(name: .long, help: "Attempts of one job.") var job: String?
        @Option(name: .long, help: "Attempts on one endpoint.") var endpoint: String?
        @Option(name: .long, help: "completed, retry, failed, released, abandoned or cancelled.") var outcome: String?
        @Option(name: .long, help: "Rows at most.") var limit = 50
        @Flag(name: .long, help: "One JSON object a line.") var json = false

        func run() async throws {
            let settings = try await options.load()
            let reader = try AuditReader(path: settings.audit.path)
            let rows = try await reader.query(try filter(), limit: limit)
            if json { return rows.forEach { print(AuditLine.json($0)) } }
            print(AttemptTable(rows).text)
        }

        private func filter() throws -> AuditFilter {
            var filter = AuditFilter()
            filter.endpoint = endpoint
            if let job {
                guard let id = JobID(job) else { throw ValidationError("--job '\(job)': not the id of a job") }
                filter.job = id
            }
            if let outcome {
                guard let known = Attempt.Outcome(rawValue: outcome) else {
                    throw ValidationError(
                        "--outcome '\(outcome)': completed, retry, failed, released, abandoned or cancelled was expected"
                    )
                }
                filter.outcome = known
            }
            return filter
        }
    }
}

/// One row of the audit log as a line of JSON: the attempt, and whose it was.
enum AuditLine {
    static func json(_ row: AuditedAttempt) -> String {
        let bytes = JSONWriter.object { json in
            json.member("job", row.job.description)
            json.member("queue", row.queue)
            json.member("correlation_id", row.correlationID)
            json.member("attempt", raw: row.attempt.encoded)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
