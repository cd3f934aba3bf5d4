import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct RevocationTests {
    @Test func `a process that was stopped for longer than its lease begins no call before it has asked`() async throws
    {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        let claim = try await bench.claim()
        let completer = ScriptedCompleter(Samples.answered())
        await bench.pipeline(completer).run(claim, Revocation(leaseEnds: .zero))
        #expect(completer.seen.prompts.isEmpty)
        #expect(try await bench.record().state == .queued)
        #expect(try await bench.record().attempts == 0)
    }

    @Test func `no other endpoint is called for a claim that was lost during the first call`() async throws {
        let bench = Bench()
        try await bench.submit(Samples.spec())
        let claim = try await bench.claim()
        let revocation = Revocation(leaseEnds: .seconds(600))
        let completer = ScriptedCompleter { _, _ in
            _ = revocation.revoke(.leaseLost)
            return Samples.failed(Samples.failure())
        }
        await bench.pipeline(completer).run(claim, revocation)
        #expect(completer.seen.prompts.count == 1)
    }

    @Test func `an extended lease allows calls again, a lost claim does not`() {
        let revocation = Revocation(leaseEnds: .seconds(5))
        #expect(revocation.allowsCalls(at: .seconds(4)))
        #expect(!revocation.allowsCalls(at: .seconds(5)))
        revocation.extendLease(to: .seconds(9))
        #expect(revocation.allowsCalls(at: .seconds(5)))
        #expect(revocation.revoke(.cancelled) && !revocation.revoke(.leaseLost))
        #expect(!revocation.allowsCalls(at: .seconds(5)))
        #expect(revocation.cause == .cancelled)
        #expect(Revocation().allowsCalls(at: .seconds(1_000_000)))
    }

    @Test func `who calls no more has no lease to lose, but may be cancelled`() {
        let revocation = Revocation()
        #expect(revocation.endCalls() == nil)
        #expect(!revocation.revoke(.leaseLost) && revocation.cause == nil)
        #expect(revocation.revoke(.cancelled) && revocation.cause == .cancelled)
        let lost = Revocation()
        #expect(lost.revoke(.leaseLost) && lost.endCalls() == .leaseLost)
    }
}
