import GRDB
import JobFlow

/// The job that a key has made last.
struct KeyedJob: Sendable, Equatable {
    var id: JobID
    var idempotency: Idempotency
    var acceptedAt: Timestamp

    /// Whether it still answers for its key. A key that a client chose is remembered for longer than a request that only
    /// looks like one that an SDK sent before.
    func isRemembered(at now: Timestamp, _ configuration: AuditConfiguration) -> Bool {
        now - acceptedAt < configuration.memory(of: idempotency)
    }
}

extension AuditReader {
    func keyed(_ key: String) async throws(AuditError) -> KeyedJob? {
        let condition = " WHERE idempotency_key = CAST(? AS TEXT) ORDER BY seq DESC LIMIT 1"
        return try await read { db in
            let sql = AcceptedRow.selectWithoutBody + condition
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [ExactText.argument(key)]) else { return nil }
            let spec = try AcceptedRow.spec(row, body: [])
            return try spec.idempotency.map {
                KeyedJob(id: spec.id, idempotency: $0, acceptedAt: try row.moment("accepted_at_ms"))
            }
        }
    }
}
