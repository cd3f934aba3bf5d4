import JobFlow
import Logging
import Metrics

/// Everything that the recovery says. The list is docs/events.md.
struct RecoveryEvents: Sendable {
    let logger: Logger

    /// What was missing in the queue and is there again.
    enum Kind: String, Sendable { case accepted, claim, end, settlement }

    func recovered(_ kind: Kind, _ jobs: Int) {
        guard jobs > 0 else { return }
        Counter(label: "sluice_recovered_jobs_total", dimensions: [("kind", kind.rawValue)]).increment(by: jobs)
        logger.notice("jobs recovered", metadata: ["kind": "\(kind.rawValue)", "jobs": "\(jobs)"])
    }

    func serverChanged(_ partition: Int, _ memory: ServerMemory) {
        logger.notice(
            "another server answers, or it was restarted: comparing it with the journal",
            metadata: [
                "partition": "\(partition)", "server": "\(memory.identity)",
                "remembers_until": "\(memory.remembersUntil.map { String($0.seconds) } ?? "nothing")",
            ])
    }

    func waiting(for members: Set<String>) {
        logger.notice(
            "claims wait for what other journals know",
            metadata: ["journals": "\(members.sorted().joined(separator: ", "))"])
    }

    func spoolDrained(_ jobs: Int) { logger.debug("spooled jobs sent", metadata: ["jobs": "\(jobs)"]) }

    func failed(_ error: RecoveryError) { logger.warning("recovery waits", metadata: ["error": "\(error)"]) }
}
