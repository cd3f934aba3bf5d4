import Foundation
import GRDB
import JobFlow
import RunAudit
import Testing

@Suite(.timeLimit(.minutes(5)))
struct AuditQueryTests {
    @Test func `filters narrow, the newest comes first`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let (a, b) = (Samples.job(1), Samples.job(2))
        let rows = [
            Samples.row(job: a, number: 1, endpoint: "east", startedAfter: .seconds(0), outcome: .retry),
            Samples.row(job: a, number: 2, endpoint: "west", startedAfter: .seconds(10)),
            Samples.row(job: b, number: 1, endpoint: "west", startedAfter: .seconds(20), outcome: .failed),
            Samples.row(job: b, number: 2, endpoint: "east", startedAfter: .seconds(20)),
        ]
        try await log.record(rows)
        func found(_ filter: AuditFilter, limit: Int = 10) async throws -> [Int] {
            try await log.query(filter, limit: limit).map { row in rows.firstIndex(of: row) ?? -1 }
        }
        let start = Samples.start
        #expect(try await found(AuditFilter()) == [3, 2, 1, 0])
        #expect(try await found(AuditFilter(), limit: 2) == [3, 2])
        #expect(try await found(AuditFilter(job: a)) == [1, 0])
        #expect(try await found(AuditFilter(endpoint: "west")) == [2, 1])
        #expect(try await found(AuditFilter(outcome: .completed)) == [3, 1])
        #expect(try await found(AuditFilter(since: start + .seconds(10))) == [3, 2, 1])
        #expect(try await found(AuditFilter(until: start + .seconds(20))) == [1, 0])
        #expect(try await found(AuditFilter(job: b, endpoint: "east", outcome: .completed)) == [3])
        #expect(try await found(AuditFilter(endpoint: "nowhere")) == [])
    }

    @Test(arguments: [0, -1, 100_001])
    func `a limit out of range is refused`(_ limit: Int) async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        await #expect(throws: AuditError.self) { try await log.query(AuditFilter(), limit: limit) }
    }

    @Test func `a reader sees rows while a log writes, and after it closed`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        let reader = try AuditReader(path: folder.path())
        try await log.record([Samples.row(number: 1)])
        #expect(try await reader.query(AuditFilter(), limit: 10).count == 1)
        try await log.record([Samples.row(number: 2)])
        #expect(try await reader.query(AuditFilter(), limit: 10).count == 2)
        reader.close()
        log.close()
        let later = try AuditReader(path: folder.path())
        #expect(try await later.query(AuditFilter(), limit: 10).count == 2)
        later.close()
    }

    @Test func `a reader does not create a missing file`() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: AuditError.self) { _ = try AuditReader(path: folder.path()) }
        #expect(error.message.contains(folder.path()))
        #expect(!FileManager.default.fileExists(atPath: folder.path()))
    }

    @Test func `a reader refuses somebody else's database`() throws {
        let folder = try TemporaryFolder()
        let other = try DatabaseQueue(path: folder.path())
        try other.write { try $0.execute(sql: "CREATE TABLE cats (name TEXT)") }
        try other.close()
        #expect(throws: AuditError.self) { _ = try AuditReader(path: folder.path()) }
    }

    @Test func `a row that Sluice did not write is an error, not a crash`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        try await log.record([Samples.row()])
        let other = try DatabaseQueue(path: folder.path())
        try await other.write { try $0.execute(sql: "UPDATE attempts SET outcome = 'exploded'") }
        await #expect(throws: AuditError.self) { try await log.query(AuditFilter(), limit: 10) }
    }
}
