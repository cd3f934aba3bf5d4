import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Looks after the SQLite audit log.",
        subcommands: [
            AuditQueryCommand.self, AuditExportCommand.self, AuditVerifyCommand.self, AuditPruneCommand.self,
            AuditMergeCommand.self, ReconcileCommand.self,
        ])
}
