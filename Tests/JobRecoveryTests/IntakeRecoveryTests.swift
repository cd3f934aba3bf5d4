import InMemoryLogging
import JobFlow
import Logging
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import JobRecovery

@Suite(.timeLimit(.minutes(5))) struct `An intake brings back what it promised` {
    /// Runs the intake's part until `body` is done.
    private func whileRunning(_ machine: Machine, _ spool: Spool = Spool(), _ body: () async throws -> Void)
        async throws
    {
        let service = IntakeRecovery(machine.recovery, spool: spool, lease: Machine.lease, partitions: 1)
        try await service.count()
        try await whileRunning(service, body)
    }

    private func whileRunning(_ service: IntakeRecovery, _ body: () async throws -> Void) async throws {
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await service.run() }
                try await body()
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }

    @Test func `jobs that the server forgot run under their own id, those that it knows are left alone`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        let claim = try await machine.claim()[0]
        let before = machine.queue.memory
        for number in 2...5 { try await machine.accept(Samples.spec(number)) }
        machine.queue.restart(with: before)
        try await whileRunning(machine) {
            try await eventually { try await machine.state(Samples.id(5)) == .queued }
        }
        #expect(try await machine.state(claim.spec.id) == .inProgress)
        #expect(try await machine.claim(9).map(\.spec) == (2...5).map { Samples.spec($0) })
    }

    @Test func `a job that enters while others are sent is not forgotten, however many those are`() async throws {
        let machine = Machine()
        let spool = Spool()
        // The queue has the first, and the note of it is on its way to the disk.
        for number in 1...2 { try await machine.journal.accept(Samples.spec(number)) }
        _ = try await machine.queue.submit(Samples.spec(1))
        let hasEntered = Flag()
        let store = WatchedJobStore(machine.store) { [journal = machine.journal] _ in
            guard hasEntered.raise() else { return }
            try? await journal.accept(Samples.spec(3))
            #expect(spool.entered([Samples.id(3)]))
        }
        let recovery = Recovery(
            store: store, journal: machine.journal, member: "one", logger: Logger(label: "test"))
        await recovery.remember(try await store.server(0).identity, .intake, 0)
        #expect(spool.entered([Samples.id(2)]))
        let service = IntakeRecovery(recovery, spool: spool, lease: Machine.lease, partitions: 1)
        try await whileRunning(service) {
            try await eventually { try await machine.state(Samples.id(3)) == .queued }
        }
    }

    @Test func `a job that the last server confirmed a moment ago is sent to the next one`() async throws {
        let machine = Machine()
        let spool = Spool()
        try await machine.accept(Samples.spec(1))
        let service = IntakeRecovery(machine.recovery, spool: spool, lease: Machine.lease, partitions: 1)
        try await whileRunning(service) {
            try await eventually { try await machine.isLookedAt() }
            let before = machine.queue.memory
            // The server confirms the second one, and forgets it; the third is being accepted.
            for number in 2...3 { try await machine.journal.accept(Samples.spec(number)) }
            _ = try await machine.queue.submit(Samples.spec(2))
            spool.began(Samples.id(3))
            machine.queue.restart(with: before)
            try await eventually { try await machine.state(Samples.id(2)) == .queued }
            #expect(try await machine.state(Samples.id(3)) == nil)
        }
    }

    @Test func `what a server forgot comes back in all of its partitions`() async throws {
        let machine = Machine()
        let specs = (1...4).map { number in
            var spec = Samples.spec(number)
            spec.id = Samples.id(number, partition: number % 2)
            return spec
        }
        // The last two wait for a confirmation.
        for spec in specs.prefix(2) { try await machine.accept(spec) }
        for spec in specs.suffix(2) { try await machine.journal.accept(spec) }
        machine.queue.restart(with: nil)
        let service = IntakeRecovery(machine.recovery, spool: Spool(), lease: Machine.lease, partitions: 2)
        try await whileRunning(service) {
            for spec in specs { try await eventually { try await machine.state(spec.id) == .queued } }
            for partition in 0...1 {
                try await eventually { try await machine.isLookedAt(partition) }
            }
        }
        #expect(try await machine.journal.spooledCount() == 0)
    }

    @Test func `the spool is sent in the order of acceptance when the queue is back`() async throws {
        let machine = Machine()
        let spool = Spool()
        for number in 1...450 {
            try await machine.journal.accept(Samples.spec(number))
        }
        machine.store.mode = .failing(StoreError(.unavailable, "nobody answers"))
        try await whileRunning(machine, spool) {
            machine.store.mode = .working
            try await eventually { spool.isEmpty }
        }
        let claims = try await machine.claim(450)
        #expect(claims.map(\.spec.id) == (1...450).map { Samples.id($0) })
        #expect(try await machine.journal.spooledCount() == 0)
    }

    @Test func `a job that is being accepted is left alone: it may be refused yet`() async throws {
        let machine = Machine()
        let spool = Spool()
        let service = IntakeRecovery(machine.recovery, spool: spool, lease: Machine.lease, partitions: 1)
        try await whileRunning(service) {
            try await eventually { try await machine.isLookedAt() }
            let ids = (1...2).map { Samples.id($0) }
            spool.began(ids)
            for number in 1...2 { try await machine.journal.accept(Samples.spec(number)) }
            #expect(spool.entered([ids[1]]))
            try await eventually { try await machine.state(ids[1]) == .queued }
            #expect(try await machine.state(ids[0]) == nil)
            #expect(spool.entered([ids[0]]))
            try await eventually { try await machine.state(ids[0]) == .queued }
            try await eventually { spool.isEmpty }
        }
    }

    @Test(arguments: [true, false])
    func `a job that is refused while a page with it is read is not sent`(_ isServerNew: Bool) async throws {
        let machine = Machine()
        let spool = Spool()
        try await whileRunning(machine, spool) {
            try await eventually { try await machine.isLookedAt() }
            let pages = Atomic(0)
            // Written, refused and let go of since it was asked for.
            machine.journal.onArrival { page in
                spool.began(Samples.id(1))
                spool.wereWithdrawn([Samples.id(1)])
                pages.add(1, ordering: .relaxed)
                return JournalPage(elements: [Samples.spec(1)] + page.elements, last: page.last, next: page.next)
            }
            if isServerNew { machine.queue.restart(with: machine.queue.memory) }
            try await machine.journal.accept(Samples.spec(2))
            #expect(spool.entered([Samples.id(2)]))
            try await eventually { try await machine.state(Samples.id(2)) == .queued }
            try await eventually { try await machine.isLookedAt() && spool.isEmpty }
            #expect(pages.load(ordering: .relaxed) > (isServerNew ? 1 : 0))
            #expect(try await machine.state(Samples.id(1)) == nil)
        }
    }

    @Test func `a server is not taken for known while its predecessor may have confirmed a job`() async throws {
        let machine = Machine()
        let (spool, log) = (Spool(), InMemoryLogHandler())
        let recovery = Recovery(
            store: machine.store, journal: machine.journal, member: "one", logger: Logger(label: "test") { _ in log })
        func looks() -> Int { log.entries.count { $0.message.description.hasPrefix("another server answers") } }
        let service = IntakeRecovery(recovery, spool: spool, lease: Machine.lease, partitions: 1)
        try await whileRunning(service) {
            try await eventually { try await machine.isLookedAt() }
            let memory = machine.queue.memory
            try await machine.accept(Samples.spec(1))
            spool.began(Samples.id(1))
            machine.queue.restart(with: memory)
            let before = looks()
            try await eventually { looks() > before + 1 }
            #expect(try await !machine.isLookedAt())
            spool.ended(Samples.id(1))
            try await eventually { try await machine.isLookedAt() }
            #expect(try await machine.state(Samples.id(1)) == .queued)
        }
    }

    @Test func `a full disk keeps no job from the queue`() async throws {
        let machine = Machine()
        for number in 1...450 { try await machine.journal.accept(Samples.spec(number)) }
        machine.journal.isReadOnly = true
        try await whileRunning(machine) {
            try await eventually { try await machine.state(Samples.id(450)) == .queued }
        }
        #expect(try await machine.claim(450).map(\.spec.id) == (1...450).map { Samples.id($0) })
    }

    @Test func `jobs that a server forgot while it was looked at are not taken for ended`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        let known = [0: try await machine.store.server(0).identity]
        machine.queue.restart(with: nil)
        _ = try await machine.recovery.sweep(after: JournalMark(), on: known)
        #expect(try await machine.journal.underway(after: JournalMark(), limit: 9).elements == [Samples.id(1)])
    }

    @Test func `what was accepted before a crash is sent after the next start`() async throws {
        let machine = Machine()
        try await machine.journal.accept(Samples.spec(1))
        try await whileRunning(machine) {
            try await eventually { try await machine.state(Samples.id(1)) == .queued }
        }
        #expect(try await machine.claim().map(\.spec) == [Samples.spec(1)])
    }

    @Test func `a job that was spooled under a used key is an alias, also on a server that forgot it`() async throws {
        let machine = Machine()
        let (first, second) = (keyed(1), keyed(2))
        try await machine.accept(first)
        let before = machine.queue.memory
        try await machine.journal.accept(second)
        func isAlias() async throws -> Bool { try await machine.store.record(second.id)?.spec.id == first.id }
        try await whileRunning(machine) {
            try await eventually { try await isAlias() }
            machine.queue.restart(with: before)
            #expect(try await !isAlias())
            try await eventually { try await isAlias() }
        }
        #expect(try await machine.journal.spooledCount() == 0)
        try await machine.end(try await machine.claim(5)[0], Machine.answer("a"))
        try await whileRunning(machine) {
            try await eventually { try await machine.journal.underway(after: JournalMark(), limit: 9).elements.isEmpty }
        }
    }

    @Test func `cancellations that the server forgot hold again`() async throws {
        let machine = Machine()
        try await machine.accept(Samples.spec(1))
        let before = machine.queue.memory
        _ = try await machine.queue.cancel(Samples.id(1))
        try await machine.journal.noteEnd(
            Settlement(spec: Samples.spec(1), epoch: 0, worker: "", verdict: .cancelled))
        machine.queue.restart(with: before)
        try await whileRunning(machine) {
            try await eventually { try await machine.state(Samples.id(1)) == .cancelled }
        }
        #expect(try await machine.claim(5).isEmpty)
    }

    @Test func `the journal lets go of jobs that have ended, and of no others`() async throws {
        let machine = Machine()
        for number in 1...4 { try await machine.accept(Samples.spec(number)) }
        let claims = try await machine.claim(2)
        try await machine.end(claims[0], Machine.answer("a"))
        try await whileRunning(machine) {
            try await eventually {
                try await machine.journal.underway(after: JournalMark(), limit: 9).elements.count == 3
            }
        }
        let left = try await machine.journal.underway(after: JournalMark(), limit: 9).elements
        #expect(left == (2...4).map { Samples.id($0) })
    }
}

@Suite struct `A comparison of journal and queue` {
    @Test func `finds what is missing, changes nothing, and is clean after the reconciliation`() async throws {
        let machine = Machine()
        for number in 1...3 { try await machine.accept(Samples.spec(number)) }
        try await machine.end(try await machine.claim()[0], Machine.answer("a"))
        try await machine.end(try await machine.claim()[0], Machine.answer("b"), isTold: false)
        machine.queue.restart(with: nil)
        try await machine.journal.accept(Samples.spec(4))
        let found = try await machine.recovery.compare(since: Samples.start)
        #expect(found.accepted == 4)
        #expect(found.settlements == 1)
        #expect(found.ends == 1)
        #expect(try await machine.recovery.compare(since: Samples.start) == found)
        #expect(try await machine.store.record(Samples.id(1)) == nil)
        try await machine.recovery.reconcile(since: Samples.start, partitions: 1)
        #expect(try await machine.recovery.compare(since: Samples.start).isClean)
        #expect(try await machine.answer(Samples.id(1)) == "\"a\"")
        #expect(try await machine.answer(Samples.id(2)) == "\"b\"")
        #expect(try await machine.claim(9).map(\.spec.id) == [Samples.id(3), Samples.id(4)])
    }
}

private func keyed(_ number: Int) -> JobSpec {
    var spec = Samples.spec(number)
    spec.idempotency = Idempotency(key: "k", content: "c")
    return spec
}

private final class Flag: Sendable {
    private let isUp = Atomic(false)

    /// Whether this call raised it.
    func raise() -> Bool { !isUp.exchange(true, ordering: .relaxed) }
}
