import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct ExportTests {
    @Test(arguments: [1, 2, 4, 100]) func `an export has every row once, in the order of their start`(page: Int)
        async throws
    {
        let ledger = try await Ledger()
        let rows = try await export(ledger, AuditFilter(), page)
        #expect(rows.map(\.id) == [1, 2, 3, 5, 4, 6])
        #expect(rows.map(\.attempt) == rows.map { ledger.rows[Int($0.id) - 1] })
    }

    @Test func `an export has what the filter lets through`() async throws {
        let ledger = try await Ledger()
        let later = Samples.start + .seconds(1)
        let cases: [(AuditFilter, [Int64])] = [
            (AuditFilter(job: ledger.rows[2].job), [3, 4]), (AuditFilter(outcome: .retry), [1, 3, 5]),
            (AuditFilter(since: later), [4, 6]), (AuditFilter(until: later), [1, 2, 3, 5]),
            (AuditFilter(endpoint: "nowhere"), []), (AuditFilter(outcome: .completed, since: later), [4, 6]),
        ]
        for (filter, ids) in cases { #expect(try await export(ledger, filter, 2).map(\.id) == ids) }
    }

    private func export(_ ledger: Ledger, _ filter: AuditFilter, _ limit: Int) async throws -> [AuditRow] {
        var rows: [AuditRow] = []
        var mark: ExportMark? = ExportMark()
        while let start = mark {
            let page = try await ledger.log.file.reader.export(filter, after: start, limit: limit)
            #expect(page.rows.count <= limit)
            rows += page.rows
            mark = page.next
        }
        return rows
    }
}
