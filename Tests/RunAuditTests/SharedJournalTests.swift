import Foundation
import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct SharedJournalTests {
    @Test func `an intake and a worker write one journal`() async throws {
        let folder = try TemporaryFolder()
        let (intake, worker) = (try folder.log(), try folder.log())
        defer { for log in [intake, worker] { log.close() } }
        let specs = (0..<100).map { Samples.spec(Samples.job($0)) }
        try await withThrowingDiscardingTaskGroup { group in
            for spec in specs {
                group.addTask {
                    try await intake.accept(spec)
                    intake.queued([spec.id])
                    let settlement = Samples.settlement(of: spec.id)
                    try await worker.record(settlement)
                    worker.settled(settlement, .settled)
                }
            }
        }
        for log in [intake, worker] { try await log.flushed() }
        #expect(try await intake.spooledCount() == 0)
        #expect(try await worker.underway(after: JournalMark(), limit: 1000).elements.count == 100)
        #expect(Set(try await intake.confirmed().map(\.id)) == Set(specs.map(\.id)))
        #expect(try await intake.unsettled().isEmpty)
    }

    @Test func `what was promised and recorded outlives a process that never closed its journal`() async throws {
        let folder = try TemporaryFolder()
        let (spec, settlement) = (Samples.spec(), Samples.settlement())
        let crashed = try folder.log()
        try await crashed.accept(spec)
        try await crashed.record(settlement)
        try await crashed.remember(ServerIdentity("one"), .worker, partition: 0)
        let next = try folder.log()
        #expect(try await next.spooled(10) == [spec])
        #expect(try await next.unsettled() == [settlement.stored(as: .late)])
        #expect(try await next.attempts(of: settlement.id).map(\.attempt) == settlement.attempts)
        #expect(try await next.lastServer(.worker, partition: 0) == ServerIdentity("one"))
        for log in [next, crashed] { log.close() }
    }

    @Test func `it outlives its machine: the files as they lay when the power went`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let (spec, settlement) = (Samples.spec(), Samples.settlement())
        try await log.accept(spec)
        try await log.record(settlement)
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.path() + suffix, toPath: folder.path("copy.sqlite") + suffix)
        }
        let copy = try folder.log("copy.sqlite")
        defer { copy.close() }
        #expect(try await copy.spooled(10) == [spec])
        #expect(try await copy.unsettled() == [settlement.stored(as: .late)])
    }

    @Test func `a journal that was moved away is followed by a new one`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        try await log.accept(Samples.spec())
        for suffix in ["", "-wal", "-shm"] {
            try FileManager.default.moveItem(
                atPath: folder.path() + suffix, toPath: folder.path("old.sqlite") + suffix)
        }
        let spec = Samples.spec()
        try await log.accept(spec)
        #expect(try await log.spooled(10) == [spec])
    }
}
