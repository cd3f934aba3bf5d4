import Foundation
import JobFlow
import RunAudit
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SharedFileTests {
    @Test func `two logs on one file lose nothing`() async throws {
        let folder = try TemporaryFolder()
        let logs = [
            try folder.log(),
            try folder.log(),
        ]
        let jobs = (0..<16).map { Samples.job($0) }
        try await withThrowingDiscardingTaskGroup { group in
            for (index, job) in jobs.enumerated() {
                let log = logs[index % 2]
                group.addTask {
                    for number in 1...50 { try await log.record([Samples.row(job: job, number: number)]) }
                }
            }
        }
        for job in jobs { #expect(try await logs[0].attempts(of: job).map(\.attempt.number) == Array(1...50)) }
        for log in logs { log.close() }
    }

    @Test func `many openings of a new file at once all succeed`() async throws {
        let folder = try TemporaryFolder()
        let logs = try await withThrowingTaskGroup(of: AuditLog.self) { group in
            for _ in 0..<8 {
                group.addTask { try folder.log() }
            }
            return try await group.reduce(into: [AuditLog]()) { $0.append($1) }
        }
        for log in logs { try await log.record([Samples.row()]) }
        #expect(try await logs[0].query(AuditFilter(), limit: 100).count == 8)
        for log in logs { log.close() }
    }

    @Test func `another process writes at the same time and nothing is lost`() async throws {
        let shell = "/usr/bin/sqlite3"
        try #require(FileManager.default.isExecutableFile(atPath: shell), "install the sqlite3 shell: \(shell)")
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        try await log.record([Samples.row()])
        let process = try writing(200, into: folder.path(), with: shell)
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for number in 1...50 { try await log.record([Samples.row(number: number)]) } }
            }
        }
        try await eventually { !process.isRunning }
        #expect(process.terminationStatus == 0)
        #expect(try await log.query(AuditFilter(), limit: 1_000).count == 1 + 400 + 200)
    }

    /// Each row is a transaction of its own, and a copy of the row that is there already.
    private func writing(_ count: Int, into path: String, with shell: String) throws -> Process {
        let columns = """
            job, queue, number, endpoint, region, tier, worker, correlation_id, started_at_ms, ended_at_ms, outcome, \
            billed, recorded_at_ms
            """
        let copy = "INSERT INTO attempts (\(columns)) SELECT \(columns) FROM attempts WHERE id = 1;\n"
        let script = ".timeout 20000\n.bail on\n" + String(repeating: copy, count: count)
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(fileURLWithPath: shell)
        process.arguments = [path]
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
        try input.fileHandleForWriting.close()
        return process
    }
}
