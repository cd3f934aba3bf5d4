import ArgumentParser
import RunAudit

struct AuditMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Puts the audit logs of several machines into one file.",
        discussion: """
            Adds what is new in each; what was merged before is left alone, so it can be repeated. query, export, verify and
            prune take the result with --file; each machine's chain stays verifiable. The logs may be in use.
            Example: sluice audit merge a.sqlite b.sqlite --output fleet.sqlite
            """)

    @Argument(help: "Audit logs, or files that were merged before.") var logs: [String]
    @Option(name: .shortAndLong, help: "The merged file; made where it is missing.") var output: String

    func run() throws {
        let merger = try AuditMerger(into: output)
        defer { merger.close() }
        for log in logs { print("\(log): \(try merger.merge(log)) attempts added") }
    }
}
