import JobFlow
import LiveRedis
import Redis
import TestKit
import Testing

@testable import JobQueue

@Suite struct `The seam to the events that are to be told` {
    @Test(.timeLimit(.minutes(5)), .serialized, arguments: WebhookOutboxContract.cases)
    func `holds on Redis`(_ promise: WebhookOutboxContract.Case) async throws {
        try await QueueOnRedis.run { queue in
            try await promise.check(OutboxUnderTest(queue.underTest, outbox: queue.store))
        }
    }

    @Test(.timeLimit(.minutes(5)), .serialized, arguments: WebhookOutboxContract.cases)
    func `holds in memory`(_ promise: WebhookOutboxContract.Case) async throws {
        let clock = ManualWallClock()
        let store = InMemoryJobStore(
            crashLimit: 3, maximumLength: ["batch": StoreUnderTest.batchLength], now: { clock.now })
        let queue = StoreUnderTest(
            store, crashLimit: 3, now: { clock.now },
            advance: { time in
                clock.advance(by: time)
                await Task.yield()
            },
            remember: {
                let memory = store.memory
                return { store.restart(with: memory) }
            })
        try await promise.check(OutboxUnderTest(queue, outbox: store))
    }
}

/// What is particular to the outbox on Redis.
@Suite(.timeLimit(.minutes(5))) struct `The outbox on Redis` {
    @Test func `nothing is left of events that were delivered, and nothing is written for jobs without one`()
        async throws
    {
        try await QueueOnRedis.run { queue in
            let test = OutboxUnderTest(queue.underTest, outbox: queue.store)
            try await test.endedSilently(9)
            #expect(try await queue.client.send(["KEYS", "*webhook*"]).array?.count == 0)
            try await test.ended(1)
            try await test.report(try await test.takeOne(), .retry(after: .zero), status: 500)
            try await test.report(try await test.nextClaim(), .delivered, status: 200)
            let keys = try await queue.client.send(["KEYS", "*webhook*"]).array?.compactMap(\.string)
            // An empty stream stays.
            #expect(keys == ["sluice{0}:webhooks"])
        }
    }

    @Test func `a record that is over does not come back by a report`() async throws {
        var configuration = QueueOnRedis.configuration()
        configuration.defaultResultTTL = .milliseconds(1)
        try await QueueOnRedis.run([], configuration) { queue in
            let test = OutboxUnderTest(queue.underTest, outbox: queue.store)
            let spec = try await test.ended(1)
            try queue.clock.advance(by: .milliseconds(2))
            #expect(try await queue.store.record(spec.id) == nil)
            let claim = try await test.takeOne()
            #expect(claim.event.spec.correlationID == spec.correlationID)
            try await test.report(claim, .retry(after: .zero), status: 500)
            #expect(try await queue.client.send(["EXISTS", .string(QueueKeys.record(spec.id))]).int == 0)
        }
    }

    @Test func `the dead are bounded`() async throws {
        try await QueueOnRedis.run { queue in
            let test = OutboxUnderTest(queue.underTest, outbox: queue.store)
            for number in 1...4 { try await test.ended(number) }
            let claims = try await test.take().claims
            let reports = claims.map { WebhookReport($0, .dead, test.delivery($0, 500, nil)) }
            var arguments = WebhookScripts.arguments(reports)
            arguments[0] = 3
            _ = try await queue.client.evaluate(
                WebhookScripts.report, keys: [.string(QueueKeys.prefix(0))], arguments: arguments)
            #expect(try await queue.store.dead(after: nil, limit: 10).webhooks.count == 3)
            #expect(try await queue.client.send(["KEYS", "sluice{0}:webhook:*"]).array?.count == 3)
        }
    }
}
