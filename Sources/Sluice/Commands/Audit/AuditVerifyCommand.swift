import ArgumentParser
import RunAudit

struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Finds rows that were changed, inserted or removed.",
        discussion: """
            Compares every row with the chain of hashes that was written with it, while workers write. Ends with 1 if something
            was changed. Write the head down elsewhere: who can rewrite the whole file can make a new chain, but not this head.
            Example: sluice audit verify --expect-head 5f2a…
            """)

    @OptionGroup var source: AuditSource
    @Option(
        name: .long, help: "A head that was written down earlier: has to be in the chain. May be repeated.",
        transform: Self.head)
    var expectHead: [ChainHash] = []
    @Flag(name: .long, help: "One JSON object for each chain, one a line.") var json = false

    func run() async throws {
        let reports = try await source.reader().verify(heads: Set(expectHead))
        for report in reports { print(json ? ChainText.json(report) : ChainText.text(report)) }
        guard reports.allSatisfy(\.isIntact) else { throw ExitCode.failure }
    }

    private static func head(_ text: String) throws -> ChainHash {
        guard let hash = ChainHash(hex: text) else { throw ValidationError("64 hexadecimal digits were expected") }
        return hash
    }
}
