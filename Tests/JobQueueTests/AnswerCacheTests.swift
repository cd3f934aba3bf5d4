import JobFlow
import Redis
import TestKit
import Testing

@testable import JobQueue

/// What only the queue on Redis promises of stored answers and of jobs that wait for one: keys and bounds.
@Suite(.timeLimit(.minutes(5)), .serialized) struct `Stored answers on Redis` {
    private let reuse = AnswerReuse(key: "k", ttl: .seconds(60), staleFor: .seconds(600))

    private func settle(_ queue: QueueOnRedis, _ claim: Claim, _ verdict: Verdict) async throws {
        let outcome = try await queue.store.settle(
            Settlement(claim: claim, verdict: verdict, attempts: [], spent: 1, rounds: 0))
        #expect(outcome == .settled)
    }

    private func number(_ queue: QueueOnRedis, _ command: String, _ name: String) async throws -> Int {
        try await queue.client.send([.string(command), queue.key(name)]).int ?? -9
    }

    private func answer(bytes: Int) -> Verdict {
        let body = [UInt8](repeating: UInt8(ascii: "7"), count: bytes)
        return .completed(JobResult(statusCode: 200, body: body, endpoint: "one two", isReusable: true), nil)
    }

    @Test func `keep for as long as they are fresh or may serve as stale, and nothing else stays behind`() async throws
    {
        try await QueueOnRedis.run { queue in
            let test = queue.underTest
            try await test.submit(1...5, reuse: reuse)
            try await settle(queue, try #require(try await test.visit(5).claims.first), answer(bytes: 10))
            #expect((650_000...660_000).contains(try await number(queue, "PTTL", "cached:k")))
            let rest = try await test.visit(5).claims
            #expect(rest.map(\.stored?.endpoint) == ["one two", "one two", "one two", "one two"])
            for claim in rest { try await settle(queue, claim, .completed(try #require(claim.stored).result, nil)) }
            for name in ["flight:k", "followers:k", "flights", "leases"] {
                #expect(try await number(queue, "EXISTS", name) == 0, "\(name)")
            }
        }
    }

    @Test func `are as many as worker.json allows: those that would go first have gone`() async throws {
        var configuration = QueueOnRedis.configuration()
        configuration.cachedAnswers = 5
        try await QueueOnRedis.run([], configuration) { queue in
            for number in 1...8 {
                let reuse = AnswerReuse(key: "k\(number)", ttl: .seconds(60 + number))
                try await queue.underTest.submit([number], reuse: reuse)
                try await settle(queue, try #require(try await queue.underTest.visit(1).claims.first), answer(bytes: 1))
            }
            #expect(try await number(queue, "ZCARD", "cached") == 5)
            for name in 1...3 { #expect(try await number(queue, "EXISTS", "cached:k\(name)") == 0) }
            for name in 4...8 { #expect(try await number(queue, "EXISTS", "cached:k\(name)") == 1) }
        }
    }

    @Test func `are no larger than worker.json allows, and what is larger makes nobody wait`() async throws {
        var configuration = QueueOnRedis.configuration()
        configuration.cachedAnswerBytes = 100
        try await QueueOnRedis.run([], configuration) { queue in
            try await queue.underTest.submit(1...3, reuse: reuse)
            try await settle(queue, try #require(try await queue.underTest.visit(9).claims.first), answer(bytes: 101))
            #expect(try await queue.underTest.visit(9).claims.map(\.stored) == [nil, nil])
            try await queue.underTest.submit([4], reuse: AnswerReuse(key: "l", ttl: .seconds(60)))
            try await settle(queue, try #require(try await queue.underTest.visit(9).claims.first), answer(bytes: 100))
            try await queue.underTest.submit([5], reuse: AnswerReuse(key: "l", ttl: .seconds(60)))
            #expect(try await queue.underTest.visit(9).claims.first?.stored?.body.count == 100)
        }
    }

    @Test func `count among the bytes of a claim`() async throws {
        try await QueueOnRedis.run { queue in
            try await queue.underTest.submit(1...101, reuse: reuse)
            try await settle(
                queue, try #require(try await queue.underTest.visit(200).claims.first), answer(bytes: 200_000))
            let round = try await queue.underTest.visit(200)
            #expect((30...43).contains(round.claims.count))
            #expect(round.hasMore)
        }
    }

    @Test func `let those who waited go in bounded parts, and forget none`() async throws {
        try await QueueOnRedis.run { queue in
            let test = queue.underTest
            try await test.submit(1...1201, reuse: reuse)
            let leader = try await test.visit(2000).claims
            #expect(leader.count == 1)
            #expect(try await number(queue, "ZCARD", "followers:k") == 1200)
            #expect(try await number(queue, "XLEN", "stream:default") == 0)
            try await settle(queue, leader[0], answer(bytes: 10))
            #expect(try await number(queue, "XLEN", "stream:default") == 500)
            var served: [Claim] = []
            for _ in 1...4 { served += try await test.visit(2000).claims }
            #expect(served.count == 1200)
            #expect(Set(served.map(\.stored?.servedBy)) == [.coalesced])
            #expect(try await number(queue, "EXISTS", "flights") == 0)
        }
    }

    @Test func `are waited for no longer than somebody is called for them`() async throws {
        try await QueueOnRedis.run { queue in
            let test = queue.underTest
            try await test.submit(1...3, reuse: reuse)
            #expect(try await test.visit(9).claims.count == 1)
            // The leader is gone, and nobody said so.
            let leader = Samples.id(1).description
            _ = try await queue.client.send(["DEL", queue.key(leader), queue.key(leader + ":r")])
            #expect(try await test.visit(9).claims.isEmpty)
            _ = try await queue.client.send(["ZADD", queue.key("flights"), "1", "k"])
            #expect(try await test.visit(9).claims.map(\.spec.id) == [Samples.id(2)])
            #expect(try await test.visit(9).claims.isEmpty)
            // The next one is let go, though the first was only a ghost by then.
            _ = try await queue.client.send(["DEL", queue.key("flight:k")])
            _ = try await queue.client.send(["ZADD", queue.key("flights"), "1", "k"])
            #expect(try await test.visit(9).claims.map(\.spec.id) == [Samples.id(3)])
        }
    }

    @Test func `of the past are looked for among a bounded number of jobs`() async throws {
        try await QueueOnRedis.run { queue in
            let many = (1...10_000).flatMap { [RedisArgument.integer($0), .string("job_0_gone\($0)")] }
            _ = try await queue.client.send(["ZADD", queue.key("stale")] + many)
            try await queue.underTest.submit(1...3, reuse: reuse)
            try await queue.underTest.submit([4], reuse: AnswerReuse(key: "k", ttl: .seconds(60)))
            #expect(try await number(queue, "ZCARD", "stale") == 10_000)
            #expect(try await queue.underTest.visit(0, servesStale: true).claims.isEmpty)
            #expect(try await number(queue, "ZCARD", "stale") == 9900)
        }
    }

    @Test func `a job of an older program is read and claimed`() async throws {
        try await QueueOnRedis.run { queue in
            let id = Samples.id(1)
            let meta = #"{"queue":"default","path":"/v1/embeddings","created":5,"max_attempts":3,"cache_ttl":60}"#
            _ = try await queue.client.send([
                "SET", queue.key("\(id)"), .string("default \(meta.utf8.count) \(meta){}"),
            ])
            let tail = id.description.dropFirst("job_0_".count)
            _ = try await queue.client.send(["XADD", queue.key("stream:default"), "*", "id", .string(String(tail))])
            let claim = try #require(try await queue.underTest.visit(1).claims.first)
            #expect(claim.spec.path == .embeddings)
            #expect(claim.spec.reuse == nil)
            #expect(claim.spec.body == Array("{}".utf8))
        }
    }
}

@Suite struct `A stored answer in a reply` {
    private func text(_ reply: String) -> RedisReply { .bytes(Array(reply.utf8)[...]) }

    @Test func `is read, whatever bytes it holds`() {
        let usage = #"{"prompt_tokens":1,"completion_tokens":2}"#
        let stored = StoredAnswer(
            text: text("5 201 3 \(usage.utf8.count) a b\(usage){ } x"), how: text("stale"), age: text("1500"))
        #expect(
            stored
                == StoredAnswer(
                    statusCode: 201, body: Array("{ } x".utf8), endpoint: "a b",
                    usage: TokenUsage(promptTokens: 1, completionTokens: 2), age: .milliseconds(1500), servedBy: .stale)
        )
    }

    @Test(arguments: ["", "-", "5 200 0 0", "5 200 1 9 a", "5 200 -1 0 abc", "5 x 0 0 {}"])
    func `is none if it is anything else`(answer: String) {
        #expect(StoredAnswer(text: text(answer), how: text("cache"), age: text("1")) == nil)
        #expect(StoredAnswer(text: text("5 200 0 0 {}"), how: text("luck"), age: text("1")) == nil)
    }
}
