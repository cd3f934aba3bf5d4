import JobFlow
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct SpoolTests {
    private let spool = Spool()

    @Test func `it counts what enters and leaves, and never less than nothing`() {
        #expect(spool.isEmpty)
        for _ in 0..<3 { spool.entered() }
        #expect(spool.count == 3)
        spool.left(2)
        #expect(spool.count == 1)
        spool.left(5)
        #expect(spool.isEmpty)
    }

    @Test func `the journal has the last word`() async {
        spool.entered()
        await spool.recount { 7 }
        #expect(spool.count == 7)
        await spool.recount { 0 }
        #expect(spool.isEmpty)
    }

    @Test func `a job that enters while the journal is counted is not forgotten`() async {
        await spool.recount { [spool] in
            spool.entered()
            return 0
        }
        #expect(spool.count == 1)
    }

    @Test func `a count that fails changes nothing`() async {
        spool.entered()
        await #expect(throws: AuditError.self) {
            try await spool.recount { () throws(AuditError) in throw AuditError("no disk") }
        }
        #expect(spool.count == 1)
    }

    @Test func `who waits for a job is woken by the first`() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { [spool] in await spool.waitUntilNotEmpty() } }
            group.addTask { [spool] in spool.entered() }
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
        spool.entered()
        spool.follow { old, new in seen.withLock { $0.append([old, new]) } }
        spool.entered()
        spool.left(2)
        spool.left(1)
        await spool.recount { 4 }
        #expect(seen.withLock { $0 } == [[1, 1], [1, 2], [2, 0], [0, 4]])
    }
}
