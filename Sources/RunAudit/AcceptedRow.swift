import GRDB
import JobFlow

/// A job that was promised here, as a row of the table `accepted`, in both directions.
enum AcceptedRow {
    /// A job that is accepted again stays what it was, but for the time: what was refused before is to be withdrawn, this is not.
    static let insert = """
        INSERT INTO accepted (
            job, accepted_at_ms, kept_until_ms, idempotency_key, idempotency_content, idempotency_source, meta, body
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (job) DO UPDATE SET accepted_at_ms = max(accepted_at_ms, excluded.accepted_at_ms)
        """

    /// Also when it was confirmed before: what was sent again may be lost again.
    static let queued = "UPDATE accepted SET queued_at_ms = ?2 WHERE job = ?1"

    /// A disk that refused may take it after a later acceptance, which it does not mean. Nor does it mean a job that a queue has
    /// confirmed: one that was sent again may be refused by a server that has forgotten it.
    static let withdraw = "DELETE FROM accepted WHERE job = ?1 AND accepted_at_ms <= ?2 AND queued_at_ms IS NULL"

    static let forget = "DELETE FROM accepted WHERE job = ?"

    static let ended = """
        UPDATE accepted SET ended_at_ms = ?2, kept_until_ms = max(kept_until_ms, ?3), body = NULL
        WHERE job = ?1 AND ended_at_ms IS NULL
        """

    /// Its body may be gone, and the queue has it: so it is never sent again.
    static let reopen = """
        UPDATE accepted SET ended_at_ms = NULL, queued_at_ms = coalesce(queued_at_ms, ?2) WHERE job = ?1
        """

    static let spooled = "queued_at_ms IS NULL AND ended_at_ms IS NULL"
    static let underway = "queued_at_ms IS NOT NULL AND ended_at_ms IS NULL"

    static let select = "SELECT body, \(columns) FROM accepted"
    static let selectWithoutBody = "SELECT \(columns) FROM accepted"

    /// Confirmed at a moment or later, or not at all, and past a mark, which is named twice: two readings in the order of `seq`,
    /// which SQLite merges as they go on. A job whose end was forgotten has lost its body, and is not to be sent again.
    static let notEnded = """
        \(select) INDEXED BY accepted_underway
        WHERE \(underway) AND queued_at_ms >= ? AND body IS NOT NULL AND seq > ?
        UNION ALL
        \(select) INDEXED BY accepted_spooled WHERE \(spooled) AND seq > ?
        ORDER BY seq
        """

    private static let columns = """
        seq, job, accepted_at_ms, CAST(idempotency_key AS BLOB) AS idempotency_key,
        CAST(idempotency_content AS BLOB) AS idempotency_content, idempotency_source, meta
        """

    static func values(_ spec: JobSpec, acceptedAt: Timestamp, keptUntil: Timestamp) -> StatementValues {
        var values = StatementValues(count: 8, bytes: spec.body.count + 512)
        values.add(spec.id)
        values.add(acceptedAt)
        values.add(keptUntil)
        values.add(spec.idempotency?.key)
        values.add(spec.idempotency?.content)
        values.add(spec.idempotency?.source.rawValue)
        values.add(spec.encodedMeta)
        values.add(spec.body)
        return values
    }

    static func decode(_ row: Row) throws -> JobSpec { try spec(row, body: try row.bytes("body") ?? []) }

    static func spec(_ row: Row, body: [UInt8]) throws -> JobSpec {
        guard var spec = JobSpec(id: try row.job(), meta: try row.bytes("meta") ?? [], body: body) else {
            throw AuditError.foreignRow
        }
        spec.idempotency = try idempotency(row)
        return spec
    }

    private static func idempotency(_ row: Row) throws -> Idempotency? {
        guard let key = try row.text("idempotency_key"), let content = try row.text("idempotency_content"),
            let source = try row.decode(String?.self, forColumn: "idempotency_source")
        else { return nil }
        guard let source = Idempotency.Source(rawValue: source) else { throw AuditError.foreignRow }
        return Idempotency(key: key, content: content, source: source)
    }
}
