import Foundation
import GRDB
import JobFlow

extension AttemptRow {
    /// The id and all the columns, in the order of `values`: what a digest is made of.
    static let selectSealed = """
        SELECT id, CAST(job AS BLOB), CAST(queue AS BLOB), number, CAST(endpoint AS BLOB), CAST(region AS BLOB),
            CAST(tier AS BLOB), CAST(worker AS BLOB), CAST(correlation_id AS BLOB), started_at_ms, ended_at_ms,
            CAST(outcome AS BLOB), status_code, CAST(reason AS BLOB), delay_ms, CAST(billed AS BLOB), prompt_tokens,
            completion_tokens, cached_tokens, total_tokens, CAST(upstream_request_id AS BLOB), recorded_at_ms
        FROM attempts
        """

    static func sealed(_ id: Int64, _ db: Database) throws -> SealedRow {
        guard let row = try Row.fetchOne(db, sql: selectSealed + " WHERE id = ?", arguments: [id]) else {
            throw AuditError.foreignRow
        }
        return sealed(row)
    }

    /// A row as it is now.
    static func sealed(_ row: Row) -> SealedRow {
        var values = StatementValues(count: 21, bytes: 256)
        for index in 1...21 {
            switch (row[index] as DatabaseValue).storage {
            case .null, .double, .string: values.add(Int64?.none)
            case .int64(let number): values.add(number)
            case .blob(let text): values.add(text: text)
            }
        }
        let job: Data = row[1]
        return SealedRow(job: String(decoding: job, as: UTF8.self), number: row[3], digest: RowDigest(values))
    }
}
