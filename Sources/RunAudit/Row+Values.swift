import Foundation
import GRDB
import JobFlow

extension Row {
    /// A constant word, or a name that is made of plain characters only.
    func word(_ column: String) throws -> String { try decode(forColumn: column) }

    /// Text that was selected with `CAST(column AS BLOB)`.
    func text(_ column: String) throws -> String? {
        try decode(Data?.self, forColumn: column).map(ExactText.read)
    }

    func bytes(_ column: String) throws -> [UInt8]? { try decode(Data?.self, forColumn: column).map { Array($0) } }

    func moment(_ column: String) throws -> Timestamp { Timestamp(milliseconds: try decode(forColumn: column)) }

    func job() throws -> JobID {
        guard let job = JobID(try word("job")) else { throw AuditError.foreignRow }
        return job
    }

    func mark() throws -> JournalMark { JournalMark(try decode(forColumn: "seq")) }

    /// A JSON object; nil for NULL.
    func json<Value>(_ column: String, _ make: (JSONObject) -> Value?) throws -> Value? {
        guard let bytes = try bytes(column) else { return nil }
        guard let value = (try? JSONObject(parsing: bytes)).flatMap(make) else { throw AuditError.foreignRow }
        return value
    }
}

extension AuditError {
    static let foreignRow = AuditError("the audit log holds a row that Sluice did not write")
}
