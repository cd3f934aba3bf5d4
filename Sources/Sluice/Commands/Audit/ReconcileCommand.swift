import ArgumentParser
import JobFlow
import JobQueue
import JobRecovery
import Logging
import NIOPosix
import Redis
import RunAudit
import Settings

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Brings the queue up to what this machine's journal knows.",
        discussion: """
            Intakes and workers do this by themselves whenever Redis was restarted; this looks at everything.
            Example: sluice audit reconcile --dry-run
            """)

    @OptionGroup var options: ConfigOptions
    @Flag(name: .long, help: "Says what is missing, and changes nothing.") var dryRun = false

    func run() async throws {
        let settings = try await options.load(needsSecrets: false)
        let quiet = Logger(label: "sluice.reconcile") { _ in SwiftLogNoOpLogHandler() }
        // A file that is not there has nothing to tell; opening it would make one.
        try AuditReader(path: settings.audit.path).close()
        let journal = try AuditLog(configuration: AuditConfiguration(settings), logger: quiet)
        defer { journal.close() }
        let queue = try QueueAssembly(settings, patience: .seconds(10), logger: quiet)
        let recovery = Recovery(store: queue.store, journal: journal, member: "reconcile", logger: quiet)
        try await withThrowingTaskGroup { group in
            group.addTask { try await queue.client.run() }
            group.addTask { try await queue.store.run() }
            defer { group.cancelAll() }
            let since = SystemTime.now() + (.zero - settings.shortestResultTTL)
            let found = try await recovery.compare(since: since)
            if !dryRun { try await recovery.reconcile(since: since, partitions: settings.redis.partitions) }
            print(Self.text(found, verb: dryRun ? "missing in the queue" : "written to the queue"))
        }
    }

    private static func text(_ found: Reconciliation, verb: String) -> String {
        guard !found.isClean else { return "the queue has everything that this machine's journal knows" }
        return """
            \(verb):
              accepted jobs  \(found.accepted)
              settlements    \(found.settlements)
              ends of jobs   \(found.ends)
            """
    }
}

extension Settings {
    /// What ended longer ago than this may be gone from the queue by right.
    fileprivate var shortestResultTTL: Duration {
        queues.compactMap(\.resultTTL).reduce(results.ttl) { min($0, $1) }
    }
}
