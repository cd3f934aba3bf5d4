import GRDB
import JobFlow

extension AuditError {
    /// What SQLite or GRDB said about a file, without the statement or its values.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as AuditError: self = error
        case let error as DatabaseError:
            self.init("\(path): \(error.message ?? "unknown error") (SQLite code \(error.extendedResultCode.rawValue))")
        case is CancellationError: self.init("\(path): the reading was cancelled")
        default: self.init("\(path): \(error)")
        }
    }

    /// Runs database work and gives its failure our shape.
    static func translating<T>(_ path: String, _ body: () throws -> T) throws(AuditError) -> T {
        do { return try body() } catch { throw AuditError(error, path: path) }
    }
}
