import JobFlow
import RunAudit

/// One row of the audit log as a line of JSON: the attempt, and whose it was.
enum AuditLine {
    static func json(_ row: AuditedAttempt) -> String { String(decoding: bytes(row), as: UTF8.self) }

    /// - Parameter id: of the row, as `audit verify` names it.
    static func bytes(_ row: AuditedAttempt, id: Int64? = nil) -> [UInt8] {
        JSONWriter.object(capacity: 640) { json in
            if let id { json.member("row", id) }
            json.member("job", row.job.description)
            json.member("queue", row.queue)
            json.member("correlation_id", row.correlationID)
            json.member("attempt", raw: row.attempt.encoded)
        }
    }
}
