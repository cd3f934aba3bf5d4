import JobFlow
import LiveRedis
import Redis
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(5)), .serialized) struct `Urgent jobs on Redis` {
    /// Deadlines of jobs that a worker holds stand in the same list.
    @Test func `are looked for behind a bounded number of others, and leave only ghosts in their streams`() async throws
    {
        try await QueueOnRedis.run { queue in
            let (test, bound) = (queue.underTest, ClaimJobs.housekeepingBound)
            for number in 1...bound + 2 {
                let deadline = queue.clock.now + .seconds(100) + .milliseconds(number)
                _ = try await queue.store.submit(Samples.spec(number, deadline: deadline))
            }
            let urgent = UrgentShare(jobs: 1, within: .seconds(600))
            let none = [QueueShare(queue: "default", jobs: 0, most: 0)]
            for _ in 0...bound { #expect(try await test.visit(1, shares: none, urgent: urgent).claims.count == 1) }
            #expect(try await test.visit(1, shares: none, urgent: urgent).claims.isEmpty)
            #expect(try await queue.client.send(["XLEN", queue.key("stream:default")]).int == bound + 2)

            #expect(try await test.visit(5).claims.map(\.spec.id) == [Samples.id(bound + 2)])
            #expect(try await queue.client.send(["XLEN", queue.key("stream:default")]).int == 0)
        }
    }
}
