/// The seam to this machine's journal, as a worker uses it: every attempt, and every end of a claim before the queue hears
/// of it.
package protocol AuditSink: Sendable {
    /// Returns when the settlement and its attempts are on disk as durably as worker.json asks for. Throws when they are
    /// not; the caller goes on without, and counts it: an answer that was paid for is never held back by a full disk.
    func record(_ settlement: Settlement) async throws(AuditError)

    /// The queue has answered for a settlement: it is not to be sent again. Written a little later, with what comes next.
    func settled(_ settlement: Settlement, _ outcome: SettleOutcome)

    /// Rows and ends that others caused, seen in a claim round: written a little later.
    func note(_ attempts: [AuditedAttempt], _ ended: [EndedJob])
}

package struct AuditError: Error, Sendable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
