import JobFlow
import Synchronization
import TestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct SpoolTests {
    private let spool = Spool()

    private static let away = AuditError("away")

    private func enter(_ numbers: Int...) -> Bool { spool.entered(numbers.map { Samples.id($0) }) }

    private func empty(sending numbers: Int...) async {
        await spool.empty { sent in for number in numbers { sent(number) } }
    }

    @Test func `it counts what enters, and is empty once the journal was read to its end`() async {
        #expect(spool.isEmpty)
        #expect(enter(1, 2, 3))
        await spool.empty { [spool] sent in
            sent(2)
            #expect(spool.count == 1)
        }
        #expect(spool.isEmpty)
    }

    @Test func `what enters while the others are sent is not forgotten, however many those are`() async {
        #expect(enter(1))
        await spool.empty { [spool] sent in
            // The journal held one more, which the queue has.
            #expect(spool.entered([Samples.id(3)]))
            sent(2)
            #expect(spool.count == 1)
            sent(1)
            #expect(spool.count == 1)
        }
        #expect(spool.count == 1)
        await empty(sending: 1)
        #expect(spool.isEmpty)
    }

    @Test func `what could not be sent is still here`() async {
        #expect(enter(1, 2, 3))
        await #expect(throws: AuditError.self) {
            try await spool.empty { (sent) async throws(AuditError) in
                sent(1)
                throw Self.away
            }
        }
        #expect(spool.count == 2)
    }

    @Test func `an earlier process's jobs count, beside those of this one`() async {
        spool.found(7)
        #expect(enter(1))
        #expect(spool.count == 8)
        await empty(sending: 8)
        #expect(spool.isEmpty)
    }

    @Test func `a job is under way until its fate is told`() {
        let ids = (1...4).map { Samples.id($0) }
        spool.began(ids)
        #expect(spool.underway == Set(ids))
        #expect(spool.isEmpty)
        spool.ended(ids[0])
        #expect(spool.entered([ids[1]]))
        spool.wereRefused([ids[2]])
        #expect(ids.map(spool.standing) == [.promised, .promised, .refused, .underway])
        #expect(spool.count == 1)
    }

    @Test func `no more enter than there is room for`() {
        let ids = (1...3).map { Samples.id($0) }
        spool.began(ids)
        #expect(spool.entered(Array(ids.prefix(2)), within: 2))
        #expect(!spool.entered([ids[2]], within: 2))
        #expect(spool.standing(of: ids[2]) == .underway)
        #expect(!spool.entered([ids[2]], within: 0))
        #expect(spool.count == 2)
    }

    @Test func `a job that was refused may be accepted later, and one that came to nothing is what it was`() {
        let ids = (1...3).map { Samples.id($0) }
        spool.began(ids)
        spool.wereRefused(ids)
        spool.began(ids)
        #expect(spool.entered([ids[0]]))
        spool.ended(ids[1])
        spool.gaveUp([ids[2]])
        #expect(ids.map(spool.standing) == [.promised, .promised, .refused])
    }

    @Test func `a job that was passed over because it was sent again is looked for once more`() async {
        #expect(enter(1))
        await spool.empty { [spool] _ in
            spool.began([Samples.id(1)])
            spool.gaveUp([Samples.id(1)], mayBeHere: true)
        }
        #expect(spool.count == 1)
        spool.gaveUp([Samples.id(2)], mayBeHere: true)
        #expect(spool.count == 1)
        await empty(sending: 1)
        #expect(spool.isEmpty)
    }

    @Test func `who waits for a job is woken by the first`() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { [spool] in await spool.waitUntilNotEmpty() } }
            group.addTask { [spool] in _ = spool.entered([Samples.id(1)]) }
            await group.waitForAll()
        }
        await spool.waitUntilNotEmpty()
        #expect(spool.count == 1)
    }

    @Test func `a wait ends with its task`() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [spool] in await spool.waitUntilNotEmpty() }
            group.cancelAll()
            await group.waitForAll()
        }
        #expect(spool.isEmpty)
    }

    @Test func `followers are told of every change, in order`() async {
        let seen = Mutex<[[Int]]>([])
        #expect(enter(1))
        spool.follow { old, new in seen.withLock { $0.append([old, new]) } }
        #expect(enter(2))
        await empty(sending: 1)
        spool.found(4)
        #expect(seen.withLock { $0 } == [[1, 1], [1, 2], [2, 1], [1, 0], [0, 4]])
    }

    @Test func `a page of the journal leaves out what was being accepted when it began, or was refused since`() {
        let ids = (1...5).map { Samples.id($0) }
        spool.began(ids[0...1])
        let page = spool.beginPage()
        spool.ended(ids[0])
        spool.wereWithdrawn([ids[1]])
        // In the journal, refused and let go of while the page was read.
        spool.began(ids[2...3])
        spool.wereWithdrawn(ids[2...3])
        #expect(ids.map(page.leavesOut) == [true, true, true, true, false])
        // Sent again, and nothing came of it; then accepted under the same name after all.
        spool.began(ids[2...3])
        spool.gaveUp(Array(ids[2...3]))
        #expect(page.leavesOut(ids[2]) && page.leavesOut(ids[3]))
        spool.began(ids[3])
        #expect(page.leavesOut(ids[3]))
        spool.ended(ids[3])
        #expect(!page.leavesOut(ids[3]))
        #expect(!spool.beginPage().leavesOut(ids[2]))
    }
}
