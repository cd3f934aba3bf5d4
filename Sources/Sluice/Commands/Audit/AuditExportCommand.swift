import ArgumentParser
import RunAudit

struct AuditExportCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes attempts as CSV or JSON lines, the one that started first before the others.",
        discussion: """
            In bounded memory, however many there are, and while workers write.
            Example: sluice audit export --since 7d --format csv --output week.csv
            """)

    @OptionGroup var source: AuditSource
    @OptionGroup var filter: AuditFilterOptions
    @Option(name: .long, help: "csv or jsonl.") var format = Format.jsonl
    @Option(name: .shortAndLong, help: "A file, instead of standard output.") var output: String?

    func run() async throws {
        let reader = try await source.reader()
        let file = try OutputFile(output)
        if format == .csv { try await file.write(AuditCSV.titles) }
        var mark: ExportMark? = ExportMark()
        while let start = mark {
            let page = try await reader.export(filter.value, after: start)
            try await file.write(lines: page.rows.map(line))
            mark = page.next
        }
    }

    private func line(_ row: AuditRow) -> [UInt8] {
        switch format {
        case .csv: AuditCSV.line(row)
        case .jsonl: AuditLine.bytes(row.attempt, id: row.id)
        }
    }
}
