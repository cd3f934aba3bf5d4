import JobFlow
import TestKit
import Testing

@testable import JobRecovery

@Suite struct `What has to be restored` {
    private static func end(epoch: Int) -> Settlement {
        Settlement(spec: Samples.spec(), epoch: epoch, worker: "w", verdict: .expired)
    }

    @Test(
        arguments: [
            (nil, true),
            (JobStanding(state: .queued, epoch: 2, attempts: 0), true),
            (JobStanding(state: .inProgress, epoch: 3, attempts: 0), true),
            (JobStanding(state: .scheduled, epoch: 3, attempts: 0), true),
            (JobStanding(state: .queued, epoch: 4, attempts: 0), false),
            (JobStanding(state: .failed, epoch: 1, attempts: 0), true),
            (JobStanding(state: .completed, epoch: 3, attempts: 0), false),
            (JobStanding(state: .cancelled, epoch: 3, attempts: 0), false),
        ] as [(JobStanding?, Bool)])
    func `an end is missing where the job is gone or goes on at an epoch that it covers`(
        _ standing: JobStanding?, isMissing: Bool
    ) {
        #expect(RestorePlan.isMissing(Self.end(epoch: 3), standing) == isMissing)
    }

    @Test func `of several ends of a job the last is told first`() {
        let other = Settlement(spec: Samples.spec(2), epoch: 1, worker: "w", verdict: .expired)
        let waves = RestorePlan.latestFirst([Self.end(epoch: 1), Self.end(epoch: 3), other, Self.end(epoch: 2)])
        #expect(waves.map { Set($0.map(\.epoch)) } == [[3, 1], [2], [1]])
        #expect(waves.map(\.count) == [2, 1, 1])
        #expect(RestorePlan.latestFirst([]).isEmpty)
    }

    private static func row(_ number: Int, _ endpoint: String) -> Attempt {
        Attempt(
            number: number, endpoint: endpoint, region: "", tier: "", worker: "w", startedAt: Samples.start,
            endedAt: Samples.start, outcome: .retry, billed: .no)
    }

    private static func completed(_ own: [Attempt], known: [Attempt], had: Int?) -> [Attempt] {
        var settlement = end(epoch: 3)
        settlement.attempts = own
        let rows = known.map {
            AuditedAttempt(job: settlement.id, queue: "default", correlationID: "", attempt: $0)
        }
        let standing = had.map { JobStanding(state: .queued, epoch: 3, attempts: $0) }
        return RestorePlan.complete(settlement, known: rows, after: standing).attempts
    }

    @Test func `rows continue those that the queue has`() {
        let own = [Self.row(3, "c"), Self.row(4, "d")]
        let known = [Self.row(1, "a"), Self.row(2, "b")] + own
        #expect(Self.completed(own, known: known, had: 2) == own)
        #expect(Self.completed(own, known: known, had: 1).map(\.endpoint) == ["b", "c", "d"])
        #expect(Self.completed(own, known: known, had: 1).map(\.number) == [2, 3, 4])
        #expect(Self.completed(own, known: known, had: nil).map(\.number) == [1, 2, 3, 4])
        // The queue took a lease back, and has a row of that.
        #expect(Self.completed(own, known: known, had: 3).map(\.endpoint) == ["c", "d"])
        #expect(Self.completed(own, known: known, had: 3).map(\.number) == [4, 5])
        #expect(Self.completed([], known: [Self.row(1, "a")], had: nil).map(\.endpoint) == ["a"])
    }
}
