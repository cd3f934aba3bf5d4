import ArgumentParser
import RunAudit
import Settings

struct AuditPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Deletes attempts that are older than audit.retention.",
        discussion: """
            Workers and intakes do this by themselves every minute; this is for another age, or for a merged file. It can run
            while they write. What is left can still be verified.
            Example: sluice audit prune --older-than 30d
            """)

    @OptionGroup var source: AuditSource
    @Option(
        name: .long, help: "Recorded longer ago than this, 30d, instead of audit.retention.",
        transform: TimeText.duration)
    var olderThan: Duration?

    func run() async throws {
        let age = if let olderThan { olderThan } else { try await source.retention() }
        let pruner = try AuditPruner(path: await source.path())
        defer { pruner.close() }
        let rows = try await pruner.prune(olderThan: age, at: SystemTime.now())
        print("\(rows) attempts deleted")
    }
}
