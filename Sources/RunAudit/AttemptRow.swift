import GRDB
import JobFlow

/// An audited attempt as a row of the table `attempts`, in both directions.
enum AttemptRow {
    static let columns = """
        job, queue, number, endpoint, region, tier, worker, correlation_id, started_at_ms, ended_at_ms, outcome,
        status_code, reason, delay_ms, billed, prompt_tokens, completion_tokens, cached_tokens, total_tokens,
        upstream_request_id, recorded_at_ms
        """

    private static let into = "INTO attempts (\(columns))"

    private static let row = """
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21
        """

    static let insert = "INSERT \(into) VALUES (\(row))"

    /// What a claim round tells of other workers, it may tell twice, and to several processes.
    static let insertNoted = """
        INSERT \(into) SELECT \(row) WHERE NOT EXISTS (
            SELECT 1 FROM attempts INDEXED BY attempts_by_job WHERE job = ?1 AND number = ?3 AND outcome = ?11
        )
        """

    /// The ledger has given a row another number, because others came between. Returns the ids of what has changed.
    static let renumber = """
        UPDATE attempts SET number = ?1 WHERE job = ?2 AND worker = ?3 AND started_at_ms = ?4 AND endpoint = ?5
            AND outcome <> 'abandoned' AND number <> ?1 RETURNING id
        """

    static func number(_ attempt: Attempt, of job: JobID) -> StatementValues {
        var values = StatementValues(count: 5, bytes: 128)
        values.add(attempt.number)
        values.add(job)
        values.add(attempt.worker)
        values.add(attempt.startedAt)
        values.add(attempt.endpoint)
        return values
    }

    static let select = """
        SELECT id, job, CAST(queue AS BLOB) AS queue, number, CAST(endpoint AS BLOB) AS endpoint,
            CAST(region AS BLOB) AS region, CAST(tier AS BLOB) AS tier, CAST(worker AS BLOB) AS worker,
            CAST(correlation_id AS BLOB) AS correlation_id, started_at_ms, ended_at_ms, outcome, status_code,
            CAST(reason AS BLOB) AS reason, delay_ms, billed, prompt_tokens, completion_tokens, cached_tokens,
            total_tokens, CAST(upstream_request_id AS BLOB) AS upstream_request_id
        FROM attempts
        """

    static let ofJob = " WHERE job = ? ORDER BY number, id"

    static func values(_ row: AuditedAttempt, recordedAt: Timestamp) -> StatementValues {
        let attempt = row.attempt
        var values = StatementValues(count: 21, bytes: 256)
        values.add(row.job)
        values.add(row.queue)
        values.add(attempt.number)
        values.add(attempt.endpoint)
        values.add(attempt.region)
        values.add(attempt.tier)
        values.add(attempt.worker)
        values.add(row.correlationID)
        values.add(attempt.startedAt)
        values.add(attempt.endedAt)
        values.add(attempt.outcome.rawValue)
        values.add(attempt.statusCode)
        values.add(attempt.reason)
        values.add(attempt.delayMilliseconds)
        values.add(attempt.billed.rawValue)
        values.add(attempt.usage)
        values.add(attempt.upstreamRequestID)
        values.add(recordedAt)
        return values
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

extension StatementValues {
    fileprivate mutating func add(_ usage: TokenUsage?) {
        add(usage?.promptTokens)
        add(usage?.completionTokens)
        add(usage?.cachedTokens)
        add(usage?.totalTokens)
    }
}
