import Foundation
import JobFlow

/// What the three records and the simulator say about one round, side by side.
struct Evidence: Sendable {
    struct JobEvidence: Sendable {
        var id: String
        /// nil for a job that no client was told of.
        var client: ClientRecord.Job?
        /// The state at the end; nil when the queue does not know the job.
        var state: JobState?
        var ledger: [Attempt] = []
        var audit: [Attempt] = []
        var calls: [SimulatedCall] = []
        /// The log says that rows of this job could not be audited.
        var isUnaudited = false
        /// Another name of a job that the same submission made: what it shows is that job's.
        var isAlias = false
    }

    var jobs: [JobEvidence]
    var client: ClientRecord.Snapshot
    var faults: [FaultRecord]
    /// What is still in the queue's sorted sets, streams and counts when everything has ended, in words.
    var leftovers: [String] = []
    /// What `sluice audit verify` would find.
    var chainFaults: [String] = []

    /// Everything that must not be; empty when all promises were kept.
    var violations: [String] {
        EndingCheck.violations(self) + IdempotencyCheck.violations(self) + LedgerCheck.violations(self)
            + SpendingCheck.violations(self) + AuditCheck.violations(self) + leftovers + chainFaults
    }
}
