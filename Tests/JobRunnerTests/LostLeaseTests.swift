import JobFlow
import Synchronization
import TestKit
import Testing

@testable import JobRunner

@Suite(.timeLimit(.minutes(3))) struct LostLeaseTests {
    /// The first call hangs until it is closed; later ones answer.
    private let completer = ScriptedCompleter { prompt, _ in
        guard prompt.attempt == 1 else { return Samples.answered() }
        await Latch().wait()
        return Task.isCancelled ? Samples.failed(Samples.cancelled) : Samples.answered()
    }

    private func bench() -> Bench {
        var bench = Bench()
        bench.configuration.lease = .milliseconds(30)
        return bench
    }

    /// Lets the clock leap over the lease. The runner renews, too: it leaps again only if a renewal came first, so that a
    /// run that follows keeps its lease.
    private func expireLease(_ bench: Bench) async throws {
        while try await bench.record().ledger.isEmpty {
            let renewals = bench.store.seen.renewals.count
            bench.clock.advance(by: .seconds(1))
            try await eventually {
                let wasTaken = try await !bench.record().ledger.isEmpty
                return wasTaken || bench.store.seen.renewals.count > renewals
            }
        }
    }

    @Test func `a call whose lease another worker has taken is closed, and changes nothing in the queue`() async throws
    {
        let bench = bench()
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
            // The runner itself takes the lease back for the queue, but may not run the job again.
            completer.setCapacity(PoolCapacity(calls: 0, opensIn: .milliseconds(2)))
            try await expireLease(bench)
            let other = try await bench.claim(worker: "w2")
            #expect(other.epoch == 2)
            try await eventually { completer.seen.running == 0 }
            try await eventually { !bench.audit.settlements.isEmpty }
            let row = try #require(bench.audit.settlements.first?.attempts.first)
            #expect(row.outcome == .cancelled && row.reason == "lease_lost")
            #expect(try await bench.record(Samples.id(1)).state == .inProgress)
            #expect(try await bench.ledger().map(\.outcome) == [.abandoned])
            #expect(bench.messages().filter { $0.hasPrefix("a lease was lost") }.count == 1)
            // Whoever takes a lease back has the row of it in its own audit log, too.
            #expect(bench.audit.rows.map(\.attempt.outcome).filter { $0 == .abandoned }.count == 1)
            try await eventually { bench.audit.answers.map(\.outcome) == [.lost] }
        }
    }

    @Test func `a lease that is gone because its job is settled is not lost`() async throws {
        let bench = bench()
        bench.store.answersAfterRenewal.store(true, ordering: .relaxed)
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(ScriptedCompleter(Samples.answered()))) { _ in
            try await eventually { !bench.store.seen.settlements.isEmpty && !bench.audit.answers.isEmpty }
            #expect(bench.audit.answers.map(\.outcome) == [.settled])
            #expect(!bench.messages().contains { $0.hasPrefix("a lease was lost") })
        }
    }

    @Test func `a job that is settled and let go while leases are renewed has not lost its own`() async throws {
        let bench = bench()
        try await bench.submit(Samples.spec())
        let (held, pipeline) = (HeldClaims(limit: 1), bench.pipeline(ScriptedCompleter(Samples.answered())))
        held.take([try await bench.claim()])
        bench.store.duringRenewal.withLock {
            $0 = { claims in
                for claim in claims {
                    await pipeline.run(claim, held.revocation(of: claim))
                    _ = held.release(claim)
                }
            }
        }
        let keeper = LeaseKeeper(
            store: bench.store, control: bench.queue, held: held, configuration: bench.configuration,
            events: RunnerEvents(logger: bench.logger))
        let renewing = Task { await keeper.run() }
        try await eventually { !bench.store.seen.renewals.isEmpty }
        renewing.cancel()
        await renewing.value
        #expect(try await bench.record().state == .completed)
        #expect(!bench.messages().contains { $0.hasPrefix("a lease was lost") })
    }

    @Test func `a job that comes back to its own worker runs once more, and the earlier call is closed`() async throws {
        let bench = bench()
        try await bench.submit(Samples.spec())
        try await withRunner(bench.runner(completer)) { _ in
            try await eventually { completer.seen.running == 1 }
            try await expireLease(bench)
            try await eventually { try await bench.record(Samples.id(1)).state == .completed }
            try await eventually { completer.seen.running == 0 }
        }
        // The leap can hit the second run, too; whatever happened, one run completed and every other was abandoned.
        let outcomes = try await bench.ledger().map(\.outcome)
        #expect(outcomes.count >= 2 && outcomes.last == .completed)
        #expect(outcomes.dropLast().allSatisfy { $0 == .abandoned })
        #expect(Set(bench.audit.settlements.flatMap(\.attempts).compactMap(\.reason)) == ["lease_lost"])
    }
}
