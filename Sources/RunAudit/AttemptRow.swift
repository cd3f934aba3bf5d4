import Foundation
import GRDB
import JobFlow

/// An audited attempt as a row of the table `attempts`, in both directions.
enum AttemptRow {
    static let insert = """
        INSERT INTO attempts (
            job, queue, number, endpoint, region, tier, worker, correlation_id, started_at_ms, ended_at_ms, outcome,
            status_code, reason, delay_ms, billed, prompt_tokens, completion_tokens, cached_tokens, total_tokens,
            upstream_request_id, recorded_at_ms
        ) VALUES (
            ?, CAST(? AS TEXT), ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),
            ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?
        )
        """

    static let select = """
        SELECT job, CAST(queue AS BLOB) AS queue, number, CAST(endpoint AS BLOB) AS endpoint,
            CAST(region AS BLOB) AS region, CAST(tier AS BLOB) AS tier, CAST(worker AS BLOB) AS worker,
            CAST(correlation_id AS BLOB) AS correlation_id, started_at_ms, ended_at_ms, outcome, status_code,
            CAST(reason AS BLOB) AS reason, delay_ms, billed, prompt_tokens, completion_tokens, cached_tokens,
            total_tokens, CAST(upstream_request_id AS BLOB) AS upstream_request_id
        FROM attempts
        """

    static func arguments(_ row: AuditedAttempt, recordedAt: Timestamp) -> StatementArguments {
        let attempt = row.attempt
        let usage = attempt.usage
        return [
            row.job.description, ExactText.argument(row.queue), attempt.number, ExactText.argument(attempt.endpoint),
            ExactText.argument(attempt.region), ExactText.argument(attempt.tier), ExactText.argument(attempt.worker),
            ExactText.argument(row.correlationID), attempt.startedAt.milliseconds, attempt.endedAt.milliseconds,
            attempt.outcome.rawValue, attempt.statusCode, attempt.reason.map(ExactText.argument),
            attempt.delayMilliseconds, attempt.billed.rawValue, usage?.promptTokens, usage?.completionTokens,
            usage?.cachedTokens, usage?.totalTokens, attempt.upstreamRequestID.map(ExactText.argument),
            recordedAt.milliseconds,
        ]
    }

    /// Throws when the row holds something that this program never wrote.
    static func decode(_ row: Row) throws -> AuditedAttempt {
        guard let job = JobID(try word(row, "job")), let outcome = Attempt.Outcome(rawValue: try word(row, "outcome")),
            let billed = Attempt.Billed(rawValue: try word(row, "billed"))
        else { throw AuditError("the audit log holds a row that Sluice did not write") }
        return AuditedAttempt(
            job: job, queue: try text(row, "queue") ?? "", correlationID: try text(row, "correlation_id") ?? "",
            attempt: Attempt(
                number: try row.decode(forColumn: "number"), endpoint: try text(row, "endpoint") ?? "",
                region: try text(row, "region") ?? "", tier: try text(row, "tier") ?? "",
                worker: try text(row, "worker") ?? "", startedAt: try moment(row, "started_at_ms"),
                endedAt: try moment(row, "ended_at_ms"), outcome: outcome,
                statusCode: try row.decode(forColumn: "status_code"), reason: try text(row, "reason"),
                delayMilliseconds: try row.decode(forColumn: "delay_ms"), billed: billed, usage: try usage(row),
                upstreamRequestID: try text(row, "upstream_request_id")))
    }

    private static func word(_ row: Row, _ column: String) throws -> String { try row.decode(forColumn: column) }

    private static func text(_ row: Row, _ column: String) throws -> String? {
        try row.decode(Data?.self, forColumn: column).map(ExactText.read)
    }

    private static func moment(_ row: Row, _ column: String) throws -> Timestamp {
        Timestamp(milliseconds: try row.decode(forColumn: column))
    }

    private static func usage(_ row: Row) throws -> TokenUsage? {
        guard let prompt = try row.decode(Int?.self, forColumn: "prompt_tokens") else { return nil }
        return TokenUsage(
            promptTokens: prompt, completionTokens: try row.decode(Int?.self, forColumn: "completion_tokens") ?? 0,
            cachedTokens: try row.decode(Int?.self, forColumn: "cached_tokens") ?? 0,
            totalTokens: try row.decode(forColumn: "total_tokens"))
    }
}
