import JobFlow
import Testing

@testable import RunAudit

struct AuditBacklogTests {
    private func rows(_ count: Int) -> [AuditedAttempt] { Array(repeating: Samples.row(), count: count) }

    @Test func `the first one starts a drain, the others ride along`() {
        var backlog = AuditBacklog<Int>(maximumPending: 10)
        var admissions = [backlog.admit(rows(1), 1), backlog.admit(rows(2), 2)]
        var taken = [backlog.takeAll()]
        admissions.append(backlog.admit(rows(1), 3))
        taken += [backlog.takeAll(), backlog.takeAll()]
        admissions.append(backlog.admit(rows(1), 4))
        #expect(admissions == [.startDrain, .waits, .waits, .startDrain])
        #expect(taken.map { $0?.map(\.waiter) } == [[1, 2], [3], nil])
    }

    @Test func `rows count against the bound until they have an outcome`() {
        var backlog = AuditBacklog<Int>(maximumPending: 3)
        var admissions = [backlog.admit(rows(3), 1)]
        _ = backlog.takeAll()
        admissions.append(backlog.admit(rows(1), 2))
        backlog.finish(rows: 3)
        // Alone it may be larger than the bound.
        admissions += [backlog.admit(rows(5), 3), backlog.admit(rows(1), 4)]
        #expect(admissions == [.startDrain, .full(pending: 3), .waits, .full(pending: 5)])
    }

    @Test func `closed admits nobody and keeps what it has`() {
        var backlog = AuditBacklog<Int>(maximumPending: 3)
        let before = backlog.admit(rows(1), 1)
        let closings = [backlog.close(), backlog.close()]
        let after = backlog.admit(rows(1), 2)
        let taken = backlog.takeAll()
        #expect((before, after) == (.startDrain, .closed))
        #expect(closings == [true, false])
        #expect(taken?.map(\.waiter) == [1])
    }

    @Test(arguments: [
        ([1, 1, 1], 2, [2, 1]), ([5], 2, [1]), ([1, 5, 1], 2, [1, 1, 1]), ([], 2, []), ([2, 2], 4, [2]),
    ])
    func `an append is never split`(_ sizes: [Int], _ maximum: Int, _ expected: [Int]) {
        let entries = sizes.map { AuditBacklog<Int>.Entry(rows: rows($0), waiter: 0) }
        #expect(AuditBacklog.batches(entries, maximum: maximum).map(\.count) == expected)
    }

    @Test func `a busy connection gives up after ten seconds of sleep`() {
        var slept = 0
        var tries = 0
        while let pause = BusyWait.pause(afterTries: tries) {
            slept += pause
            tries += 1
        }
        #expect(slept == 10_000)
    }
}
