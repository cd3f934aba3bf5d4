import JobFlow
import Logging
import Metrics

/// Everything that the recovery says. The list is docs/events.md.
struct RecoveryEvents: Sendable {
    let logger: Logger

    /// What was missing in the queue and is there again.
    enum Kind: String, Sendable, CaseIterable { case accepted, claim, end, settlement }

    private let jobs: [Kind: Counter]

    init(logger: Logger) {
        self.logger = logger
        jobs = Dictionary(
            uniqueKeysWithValues: Kind.allCases.map {
                ($0, Counter(label: "sluice_recovered_jobs_total", dimensions: [("kind", $0.rawValue)]))
            })
    }

    func recovered(_ kind: Kind, _ count: Int) {
        guard count > 0 else { return }
        jobs[kind]?.increment(by: count)
        logger.notice("jobs recovered", metadata: ["kind": "\(kind.rawValue)", "jobs": "\(count)"])
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
