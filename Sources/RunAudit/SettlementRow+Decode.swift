import GRDB
import JobFlow

extension SettlementRow {
    static let select = """
        SELECT seq, job, epoch, CAST(worker AS BLOB) AS worker, CAST(server AS BLOB) AS server, verdict, delay_ms, spent,
            rounds, confirmed_at_ms, status, served, CAST(endpoint AS BLOB) AS endpoint, usage, error, meta, attempts, answer
        FROM settlements
        """

    /// The job comes back without its body. Throws when the row holds something that this program never wrote.
    static func decode(_ row: Row, _ occasion: Settlement.Occasion) throws -> Settlement {
        guard let spec = JobSpec(id: try row.job(), meta: try row.bytes("meta") ?? [], body: []),
            let attempts = Attempt.list(try row.bytes("attempts") ?? []), let verdict = try end(row)?.verdict
        else { throw AuditError.foreignRow }
        return Settlement(
            spec: spec, epoch: try row.decode(forColumn: "epoch"), worker: try row.text("worker") ?? "",
            server: ServerIdentity(try row.text("server") ?? ""), verdict: verdict, attempts: attempts,
            spent: try row.decode(forColumn: "spent"), rounds: try row.decode(forColumn: "rounds"), occasion: occasion)
    }

    private static func end(_ row: Row) throws -> VerdictColumns? {
        guard let word = VerdictColumns.Word(rawValue: try row.word("verdict")) else { return nil }
        return VerdictColumns(
            word: word, delay: try row.decode(forColumn: "delay_ms"), answer: try answer(row),
            usage: try row.json("usage", TokenUsage.init), error: try row.json("error", JobError.init))
    }

    private static func answer(_ row: Row) throws -> JobResult? {
        guard let status = try row.decode(Int?.self, forColumn: "status") else { return nil }
        guard let served = JobResult.ServedBy(rawValue: try row.word("served")) else { throw AuditError.foreignRow }
        // The first release wrote an empty body as NULL.
        let body = try row.bytes("answer") ?? []
        return JobResult(statusCode: status, body: body, servedBy: served, endpoint: try row.text("endpoint"))
    }
}

extension Attempt {
    /// Reads a JSON array. Nil unless every element is an attempt.
    static func list(_ bytes: [UInt8]) -> [Attempt]? {
        guard let elements = (try? JSONValue(parsing: bytes))?.array else { return nil }
        let attempts = elements.compactMap { $0.object.flatMap(Attempt.init) }
        return attempts.count == elements.count ? attempts : nil
    }
}
