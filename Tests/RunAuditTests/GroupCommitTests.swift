import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct GroupCommitTests {
    @Test func `64 tasks with 200 rows each arrive once, in fewer commits than rows`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let jobs = (0..<64).map { Samples.job($0) }
        try await withThrowingDiscardingTaskGroup { group in
            for job in jobs {
                group.addTask {
                    for number in 1...200 { try await log.record([Samples.row(job: job, number: number)]) }
                }
            }
        }
        for job in jobs {
            let numbers = try await log.attempts(of: job).map(\.attempt.number)
            #expect(numbers == Array(1...200))
        }
        #expect(log.counts.rows == 12_800)
        #expect(log.counts.commits < 12_800)
        #expect(log.pendingRows == 0)
    }

    @Test func `all that waits for the disk goes into one commit`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let blocker = try DiskBlocker(path: folder.path())
        try await withThrowingDiscardingTaskGroup { group in
            for number in 1...64 { group.addTask { try await log.record([Samples.row(number: number)]) } }
            try await eventually { log.pendingRows == 64 }
            try blocker.release()
        }
        #expect(log.counts.rows == 64)
        #expect(log.counts.commits <= 2, "one that was under way, and one for all that came meanwhile")
    }

    @Test func `what a cancelled caller records is written`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let row = Samples.row()
        let blocker = try DiskBlocker(path: folder.path())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await log.record([row]) }
            try await eventually { log.pendingRows == 1 }
            group.cancelAll()
            try blocker.release()
            try await group.waitForAll()
        }
        #expect(try await log.attempts(of: row.job) == [row])
    }

    @Test func `a backlog that is full refuses at once and recovers`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log(maximumPending: 10)
        defer { log.close() }
        let blocker = try DiskBlocker(path: folder.path())
        try await withThrowingDiscardingTaskGroup { group in
            let job = Samples.job()
            group.addTask { try await log.record((1...10).map { Samples.row(job: job, number: $0) }) }
            try await eventually { log.pendingRows == 10 }
            await #expect(throws: AuditError.self) { try await log.record([Samples.row()]) }
            try blocker.release()
        }
        try await log.record([Samples.row()])
        #expect(log.counts.rows == 11)
    }

    @Test func `close writes what waits, and later records throw`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        let job = Samples.job()
        let blocker = try DiskBlocker(path: folder.path())
        try await withThrowingDiscardingTaskGroup { group in
            for number in 1...10 { group.addTask { try await log.record([Samples.row(job: job, number: number)]) } }
            try await eventually { log.pendingRows == 10 }
            group.addTask { log.close() }
            try blocker.release()
        }
        log.close()
        await #expect(throws: AuditError.self) { try await log.record([Samples.row()]) }
        await #expect(throws: AuditError.self) { try await log.attempts(of: job) }
        let reader = try AuditReader(path: folder.path())
        #expect(try await reader.attempts(of: job).count == 10)
    }

    @Test func `a claim given back untouched costs nothing`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let untouched = Samples.settlement(.released(after: .zero), attempts: [])
        try await log.record(untouched)
        log.settled(untouched, .settled)
        log.note([], [])
        log.queued([])
        log.ended([])
        #expect(log.pendingRows == 0)
        #expect(log.counts.commits == 0)
    }
}
