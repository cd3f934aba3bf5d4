import ArgumentParser
import RunAudit

struct AuditQueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Shows attempts, newest first.",
        discussion: "Example: sluice audit query --endpoint eastus-ptu --outcome retry --since 24h --limit 20")

    @OptionGroup var source: AuditSource
    @OptionGroup var filter: AuditFilterOptions
    @Option(name: .long, help: "Rows at most.") var limit = 50
    @Flag(name: .long, help: "One JSON object a line.") var json = false

    func validate() throws {
        guard (1...AuditReader.maximumLimit).contains(limit) else {
            throw ValidationError(
                "--limit: a number from 1 to \(AuditReader.maximumLimit) was expected; export has no limit")
        }
    }

    func run() async throws {
        let rows = try await source.reader().query(filter.value, limit: limit)
        if json { return rows.forEach { print(AuditLine.json($0)) } }
        print(AttemptTable(rows).text)
    }
}
