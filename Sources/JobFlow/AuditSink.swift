/// The seam to the audit log.
package protocol AuditSink: Sendable {
    /// Returns when the rows are on disk as durably as worker.json asks for. Throws when they are not; the caller goes
    /// on without, and counts it: an answer that was paid for is never held back by a full disk.
    func append(_ rows: [AuditedAttempt]) async throws(AuditError)
}

package struct AuditError: Error, Sendable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
