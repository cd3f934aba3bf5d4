import JobFlow
import Testing

@testable import RunAudit

struct AuditBacklogTests {
    private func entry(_ rows: Int = 1, isExpendable: Bool = true) -> JournalEntry {
        JournalEntry(changes: [], rows: rows, isExpendable: isExpendable)
    }

    @Test func `the first one starts a drain, the others ride along`() {
        var backlog = AuditBacklog<Int>(maximumPending: 10)
        var admissions = [backlog.admit(entry(1), 1), backlog.admit(entry(2), 2)]
        var taken = [backlog.takeAll()]
        admissions.append(backlog.admit(entry(1), 3))
        taken += [backlog.takeAll(), backlog.takeAll()]
        admissions.append(backlog.admit(entry(1), 4))
        #expect(admissions == [.startDrain, .waits, .waits, .startDrain])
        #expect(taken.map { $0?.map(\.waiter) } == [[1, 2], [3], nil])
    }

    @Test func `rows count against the bound until they have an outcome`() {
        var backlog = AuditBacklog<Int>(maximumPending: 3)
        var admissions = [backlog.admit(entry(3), 1)]
        let taken = backlog.takeAll() ?? []
        admissions.append(backlog.admit(entry(1), 2))
        backlog.finish(taken, areWritten: true)
        // Alone it may be larger than the bound.
        admissions += [backlog.admit(entry(5), 3), backlog.admit(entry(1), 4)]
        #expect(admissions == [.startDrain, .full(pending: 3), .waits, .full(pending: 5)])
    }

    @Test func `closed admits nobody and keeps what it has`() {
        var backlog = AuditBacklog<Int>(maximumPending: 3)
        let before = [backlog.admit(entry(), 1), backlog.admit(entry())]
        let closings = [backlog.close(), backlog.close()]
        let after = [backlog.admit(entry(), 2), backlog.admit(entry())]
        let taken = backlog.takeAll()
        #expect(before == [.startDrain, .startPause])
        #expect(after == [.closed, .closed])
        #expect(closings == [true, false])
        #expect(taken?.map(\.waiter) == [1, nil])
    }

    @Test func `what nobody waits for goes with the next that somebody does, in order`() {
        var backlog = AuditBacklog<Int>(maximumPending: 10)
        let admissions = [backlog.admit(entry(1)), backlog.admit(entry(2)), backlog.admit(entry(3), 1)]
        #expect(admissions == [.startPause, .waits, .startDrain])
        #expect(backlog.takeAll()?.map(\.weight) == [1, 2, 3])
    }

    @Test func `what nobody waits for goes alone when the pause is over, and only then`() {
        var backlog = AuditBacklog<Int>(maximumPending: 10)
        _ = backlog.admit(entry())
        let early = backlog.takeAll()
        backlog.wake()
        let taken = backlog.takeAll() ?? []
        backlog.finish(taken, areWritten: true)
        #expect(early == nil)
        #expect(taken.count == 1)
        #expect(backlog.pending == 0)
        #expect(backlog.admit(entry()) == .startPause)
    }

    @Test func `what is given back stands first, and waits for the next pause`() {
        var backlog = AuditBacklog<Int>(maximumPending: 10)
        _ = backlog.admit(entry(1))
        backlog.wake()
        let taken = backlog.takeAll() ?? []
        _ = backlog.admit(entry(2))
        backlog.wake()
        #expect(backlog.giveBack(taken) == .startPause)
        #expect(backlog.pending == 3)
        #expect(backlog.takeAll()?.map(\.weight) == [1, 2])
    }

    @Test func `past the bound the older half is given up, but for what may not be`() {
        var backlog = AuditBacklog<Int>(maximumPending: 4)
        _ = backlog.admit(entry(isExpendable: false))
        for _ in 0..<4 { _ = backlog.admit(entry()) }
        _ = backlog.admit(entry(9), 7)
        #expect(backlog.droppedRows == 3)
        #expect(backlog.takeAll()?.map(\.entry.isExpendable) == [false, true, true])
        #expect(backlog.pending == 2 + 9)
    }

    @Test func `large values count as more than a row`() {
        #expect(JournalEntry(changes: [], rows: 1, bytes: 8191).weight == 1)
        #expect(JournalEntry(changes: [], rows: 1, bytes: 81_920).weight == 11)
    }

    @Test(arguments: [
        ([1, 1, 1], 2, [2, 1]), ([5], 2, [1]), ([1, 5, 1], 2, [1, 1, 1]), ([], 2, []), ([2, 2], 4, [2]),
    ])
    func `an entry is never split`(_ sizes: [Int], _ maximum: Int, _ expected: [Int]) {
        let items = sizes.map { AuditBacklog<Int>.Item(entry: entry($0), waiter: 0) }
        #expect(AuditBacklog.batches(items, maximum: maximum).map(\.count) == expected)
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
