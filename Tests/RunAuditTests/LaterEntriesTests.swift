import JobFlow
import Testing

@testable import RunAudit

/// What nobody waits for.
@Suite(.timeLimit(.minutes(5)))
struct LaterEntriesTests {
    @Test func `it is written without another entry`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let row = Samples.row(outcome: .abandoned)
        log.note([row], [])
        try await eventually { try await log.attempts(of: row.job) == [row] }
        #expect(log.counts.commits == 1)
    }

    @Test func `it rides along with the next entry`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let blocker = try DiskBlocker(path: folder.path())
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await log.record([Samples.row()]) }
            try await eventually { log.pendingRows == 1 }
            for _ in 0..<63 { log.note([Samples.row(outcome: .abandoned)], []) }
            group.addTask { try await log.record([Samples.row()]) }
            try await eventually { log.pendingRows == 65 }
            try blocker.release()
        }
        try await log.flushed()
        #expect(log.counts.rows == 65)
        #expect(log.counts.commits <= 3, "one that was under way, and at most one for each kind")
    }

    @Test func `it is written in order with what somebody waits for`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let job = EndedJob(spec: Samples.spec(), epoch: 1, verdict: .expired)
        for _ in 0..<20 {
            log.note([], [job])
            try await log.forgetEnd(job.spec.id)
            #expect(try await log.confirmed().isEmpty)
        }
    }

    @Test func `closing writes it, and refuses what comes later`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        let spec = Samples.spec()
        try await log.accept(spec)
        log.queued([spec.id])
        log.close()
        log.ended([spec.id])
        await #expect(throws: AuditError.self) { try await log.accept(Samples.spec()) }
        let again = try folder.log()
        defer { again.close() }
        #expect(try await again.underway(after: JournalMark(), limit: 10).elements == [spec.id])
        #expect(try await again.spooledCount() == 0)
    }

    @Test func `a job that was refused is withdrawn even if the disk was away for very long`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log(maximumPending: 10)
        defer { log.close() }
        let spec = Samples.spec()
        try await log.accept(spec)
        let blocker = try DiskBlocker(path: folder.path())
        await #expect(throws: AuditError.self) { try await log.withdraw(spec.id) }
        for _ in 0..<100 { log.queued([Samples.job()]) }
        #expect(log.counts.droppedRows > 80)
        try blocker.release()
        try await log.flushed()
        #expect(try await log.spooledCount() == 0)
    }

    @Test func `that jobs have left the spool is written as soon as the disk is back`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let spec = Samples.spec()
        try await log.accept(spec)
        let blocker = try DiskBlocker(path: folder.path())
        await #expect(throws: AuditError.self) { try await log.leftSpool([spec.id]) }
        try blocker.release()
        try await log.flushed()
        #expect(try await log.spooledCount() == 0)
    }
}
