import Foundation
import GRDB
import JobFlow

/// An audited attempt as a row of the table `attempts`, in both directions.
enum AttemptRow {
    private static let into = """
        INTO attempts (
            job, queue, number, endpoint, region, tier, worker, correlation_id, started_at_ms, ended_at_ms, outcome,
            status_code, reason, delay_ms, billed, prompt_tokens, completion_tokens, cached_tokens, total_tokens,
            upstream_request_id, recorded_at_ms
        )
        """

    private static let row = """
        ?1, CAST(?2 AS TEXT), ?3, CAST(?4 AS TEXT), CAST(?5 AS TEXT), CAST(?6 AS TEXT), CAST(?7 AS TEXT),
        CAST(?8 AS TEXT), ?9, ?10, ?11, ?12, CAST(?13 AS TEXT), ?14, ?15, ?16, ?17, ?18, ?19, CAST(?20 AS TEXT), ?21
        """

    static let insert = "INSERT \(into) VALUES (\(row))"

    /// What a claim round tells of other workers, it may tell twice, and to several processes.
    static let insertNoted = """
        INSERT \(into) SELECT \(row) WHERE NOT EXISTS (
            SELECT 1 FROM attempts INDEXED BY attempts_by_job WHERE job = ?1 AND number = ?3 AND outcome = ?11
        )
        """

    /// The ledger has given a row another number, because others came between.
    static let renumber = """
        UPDATE attempts SET number = ?1 WHERE job = ?2 AND worker = CAST(?3 AS TEXT) AND started_at_ms = ?4
            AND endpoint = CAST(?5 AS TEXT) AND outcome <> 'abandoned'
        """

    static func number(_ attempt: Attempt, of job: JobID) -> StatementArguments {
        [
            attempt.number, job.description, ExactText.argument(attempt.worker), attempt.startedAt.milliseconds,
            ExactText.argument(attempt.endpoint),
        ]
    }

    static let select = """
        SELECT job, CAST(queue AS BLOB) AS queue, number, CAST(endpoint AS BLOB) AS endpoint,
            CAST(region AS BLOB) AS region, CAST(tier AS BLOB) AS tier, CAST(worker AS BLOB) AS worker,
            CAST(correlation_id AS BLOB) AS correlation_id, started_at_ms, ended_at_ms, outcome, status_code,
            CAST(reason AS BLOB) AS reason, delay_ms, billed, prompt_tokens, completion_tokens, cached_tokens,
            total_tokens, CAST(upstream_request_id AS BLOB) AS upstream_request_id
        FROM attempts
        """

    static let ofJob = " WHERE job = ? ORDER BY number, id"

    static func values(_ row: AuditedAttempt, recordedAt: Timestamp) -> StatementArguments {
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
        guard let outcome = Attempt.Outcome(rawValue: try row.word("outcome")),
            let billed = Attempt.Billed(rawValue: try row.word("billed"))
        else { throw AuditError.foreignRow }
        return AuditedAttempt(
            job: try row.job(), queue: try row.text("queue") ?? "", correlationID: try row.text("correlation_id") ?? "",
            attempt: Attempt(
                number: try row.decode(forColumn: "number"), endpoint: try row.text("endpoint") ?? "",
                region: try row.text("region") ?? "", tier: try row.text("tier") ?? "",
                worker: try row.text("worker") ?? "", startedAt: try row.moment("started_at_ms"),
                endedAt: try row.moment("ended_at_ms"), outcome: outcome,
                statusCode: try row.decode(forColumn: "status_code"), reason: try row.text("reason"),
                delayMilliseconds: try row.decode(forColumn: "delay_ms"), billed: billed, usage: try usage(row),
                upstreamRequestID: try row.text("upstream_request_id")))
    }

    private static func usage(_ row: Row) throws -> TokenUsage? {
        guard let prompt = try row.decode(Int?.self, forColumn: "prompt_tokens") else { return nil }
        return TokenUsage(
            promptTokens: prompt, completionTokens: try row.decode(Int?.self, forColumn: "completion_tokens") ?? 0,
            cachedTokens: try row.decode(Int?.self, forColumn: "cached_tokens") ?? 0,
            totalTokens: try row.decode(forColumn: "total_tokens"))
    }
}
