import ArgumentParser
import RunAudit
import Settings

/// Which audit log a command is about: that of worker.json, or any file, for which no worker.json is needed.
struct AuditSource: ParsableArguments {
    @OptionGroup var options: ConfigOptions
    @Option(name: .long, help: "An audit log or a merged file, instead of audit.path of worker.json.") var file: String?

    func path() async throws -> String {
        if let file { return file }
        return try await options.load(needsSecrets: false).audit.path
    }

    func retention() async throws -> Duration { try await options.load(needsSecrets: false).audit.retention }

    func reader() async throws -> AuditReader { try AuditReader(path: await path()) }
}
