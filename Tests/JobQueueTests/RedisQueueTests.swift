import JobFlow
import LiveRedis
import Redis
import TestKit
import Testing

@testable import JobQueue

/// What only the queue on Redis promises: its keys, its bounds, and how it lives with a server that is full or away.
@Suite(.timeLimit(.minutes(5)), .serialized) struct `The queue on Redis` {
    private func milliseconds(_ queue: QueueOnRedis, _ name: String) async throws -> Int {
        try await queue.client.send(["PTTL", queue.key(name)]).int ?? 0
    }

    @Test func `keeps ended jobs as long as their queue says, failed ones for good`() async throws {
        var configuration = QueueOnRedis.configuration()
        configuration.defaultResultTTL = .seconds(1000)
        configuration.resultTTL = ["batch": .seconds(5000)]
        try await QueueOnRedis.run([], configuration) { queue in
            for (number, name) in [(1, "default"), (2, "batch"), (3, "default")] {
                _ = try await queue.store.submit(Samples.spec(number, queue: name))
            }
            let expiring = Samples.spec(4, queue: "batch", deadline: queue.clock.now)
            _ = try await queue.store.submit(expiring)
            let claims = try await queue.visit(5).claims
            for claim in claims.sorted(by: { $0.spec.id.ulid < $1.spec.id.ulid }) {
                let isFailed = claim.spec.id == Samples.id(3)
                try await queue.settle(
                    claim, isFailed ? .failed(.deadlineExceeded, answer: nil) : .completed(Samples.result(), nil)
                )
            }
            #expect((1...1_000_000).contains(try await milliseconds(queue, "\(Samples.id(1)):r")))
            #expect((1_000_001...5_000_000).contains(try await milliseconds(queue, "\(Samples.id(2)):r")))
            #expect(try await milliseconds(queue, "\(Samples.id(3))") == -1)
            #expect((1_000_001...5_000_000).contains(try await milliseconds(queue, "\(expiring.id)")))
        }
    }

    @Test func `a job that nobody has held is one string, and gets a hash with its first claim`() async throws {
        try await QueueOnRedis.run { queue in
            let (small, large) = (Samples.spec(1), Samples.spec(2, body: String(repeating: "x", count: 5000)))
            for spec in [small, large] { _ = try await queue.store.submit(spec) }
            #expect(try await types(queue, small.id) == ["string", "none"])
            #expect(try await queue.store.record(small.id)?.state == .queued)
            #expect(try await queue.store.standings([small.id]) == [JobStanding(state: .queued, epoch: 0, attempts: 0)])
            #expect(try await types(queue, small.id) == ["string", "none"])

            let claims = try await queue.visit(5).claims
            #expect(claims.map(\.spec) == [small, large])
            #expect(try await types(queue, small.id) == ["string", "hash"])
        }
    }

    @Test func `a job that nobody has held can be watched, cancelled and run again`() async throws {
        try await QueueOnRedis.run { queue in
            let spec = Samples.spec(1)
            _ = try await queue.store.submit(spec)
            #expect(try await queue.store.record(spec.id, endedWithin: .milliseconds(1))?.state == .queued)
            #expect(try await types(queue, spec.id) == ["string", "hash"])

            let other = Samples.spec(2)
            _ = try await queue.store.submit(other)
            #expect(try await queue.store.cancel(other.id) == .cancelled(epoch: 0, from: .queued))
            #expect(try await queue.store.retry(other.id) == .done)
            #expect(Set(try await queue.visit(5).claims.map(\.spec.id)) == [spec.id, other.id])
        }
    }

    /// Of payload and record.
    private func types(_ queue: QueueOnRedis, _ id: JobID) async throws -> [String] {
        var types: [String] = []
        for name in [id.description, "\(id):r"] {
            types.append(try await queue.client.send(["TYPE", queue.key(name)]).string ?? "")
        }
        return types
    }

    @Test func `polls that meet are all answered, however large the answers`() async throws {
        try await QueueOnRedis.run { queue in
            let answer = Array(#"{"text":"\#(String(repeating: "x", count: 400_000))"}"#.utf8)
            for number in 1...40 { _ = try await queue.store.submit(Samples.spec(number)) }
            for claim in try await queue.visit(40).claims {
                let result = JobResult(statusCode: 200, body: answer, endpoint: "one")
                try await queue.settle(claim, .completed(result, nil))
            }
            let sizes = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 1...40 {
                    group.addTask { try await queue.store.record(Samples.id(number))?.result?.body.count }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sizes == [Int?](repeating: answer.count, count: 40))
        }
    }

    @Test func `a script that breaks off leaves no job without a lease`() async throws {
        try await QueueOnRedis.run { queue in
            _ = try await queue.store.submit(Samples.spec(1))
            _ = try await queue.client.send(["SET", queue.key("stream:batch"), "no stream"])
            await #expect(throws: StoreError.self) { try await queue.visit(5) }
            #expect(try await queue.store.record(Samples.id(1))?.state == .inProgress)
            #expect(try await queue.client.send(["ZCARD", queue.key("leases")]).int == 1)
            let census = try await queue.client.send(["HGET", queue.key("census"), "default:in_progress"])
            #expect(census.int == 1)
        }
    }

    @Test func `leaves no key behind but the records`() async throws {
        try await QueueOnRedis.run { queue in
            for number in 1...20 {
                var spec = Samples.spec(number, deadline: queue.clock.now + .seconds(600))
                spec.idempotency = Idempotency(key: "k\(number)", content: "c")
                _ = try await queue.store.submit(spec)
            }
            let claims = try await queue.visit(20).claims
            for claim in claims { try await queue.settle(claim, .completed(Samples.result(), nil)) }
            let pending = try await queue.client.send(["XPENDING", queue.key("stream:default"), "workers"])
            #expect(pending.array?.first?.int == 0)
            #expect(try await queue.client.send(["XLEN", queue.key("stream:default")]).int == 0)
            for set in ["leases", "due", "deadlines", "dead"] {
                #expect(try await queue.client.send(["EXISTS", queue.key(set)]).int == 0, "\(set)")
            }
            #expect((1...86_400_000).contains(try await milliseconds(queue, "idem:k1")))
            #expect(try await queue.client.send(["LLEN", queue.key("wake")]).int == 1)
        }
    }

    @Test func `bounds a claim by bytes, loses none and keeps the order`() async throws {
        try await QueueOnRedis.run { queue in
            var ids: [JobID] = []
            for number in 1...24 {
                var spec = Samples.spec(number)
                spec.body = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
                _ = try await queue.store.submit(spec)
                ids.append(spec.id)
            }
            var claimed: [JobID] = []
            while claimed.count < ids.count {
                let round = try await queue.visit(24)
                #expect((1...9).contains(round.claims.count))
                #expect(round.hasMore == (claimed.count + round.claims.count < ids.count))
                claimed += round.claims.map(\.spec.id)
                if round.claims.isEmpty { break }
            }
            #expect(claimed == ids)
        }
    }

    @Test func `takes large prompts from many clients at once`() async throws {
        try await QueueOnRedis.run { queue in
            try await withThrowingTaskGroup { group in
                for number in 1...40 {
                    group.addTask {
                        var spec = Samples.spec(number)
                        spec.body = [UInt8](repeating: UInt8(ascii: "y"), count: 1 << 20)
                        return try await queue.store.submit(spec)
                    }
                }
                for try await outcome in group { #expect(outcome == .accepted) }
            }
        }
    }

    @Test func `finishes what it has when the server is full, and takes nothing new`() async throws {
        try await QueueOnRedis.run(["--maxmemory", "8mb"]) { queue in
            let refusal = await #expect(throws: StoreError.self) {
                for number in 1...1000 {
                    var spec = Samples.spec(number)
                    spec.body = [UInt8](repeating: UInt8(ascii: "z"), count: 50_000)
                    _ = try await queue.store.submit(spec)
                }
            }
            #expect(refusal?.code == .refusesWrites)
            let claims = try await queue.visit(3).claims
            #expect(claims.count == 3)
            #expect(try await queue.store.renew(claims, lease: .seconds(60)) == [])
            try await queue.settle(claims[0], .completed(Samples.result(), nil))
            try await queue.settle(claims[1], .retry(after: .zero))
            #expect(try await queue.store.record(claims[0].spec.id, endedWithin: .seconds(1))?.state == .completed)
            #expect(try await queue.store.record(claims[2].spec.id, endedWithin: .zero)?.state == .inProgress)
        }
    }

    @Test func `a life begins before anything is written in it, whoever comes first`() async throws {
        try await QueueOnRedis.run { queue in
            _ = try await queue.store.submit(Samples.spec(1))
            _ = try await queue.store.server(0)
            let pulse = try await queue.client.send(["GET", queue.key("pulse")]).int
            try queue.clock.advance(by: .milliseconds(20))
            // As after a restart: the run id is another. A submission comes before anybody has looked.
            _ = try await queue.client.send(["SET", queue.key("era"), "another"])
            _ = try await queue.store.submit(Samples.spec(2))
            #expect(try await queue.store.server(0).remembersUntil?.milliseconds == pulse.map(Int64.init))
        }
    }

    @Test func `what a journal has not compared in one life is still compared in the next`() async throws {
        try await QueueOnRedis.run { queue in
            func live(_ era: String) async throws -> ServerMemory {
                _ = try await queue.client.send(["SET", queue.key("era"), .string(era)])
                return try await queue.store.server(0)
            }
            let first = try await queue.store.server(0)
            for member in ["one", "two"] {
                _ = try await queue.store.announce(
                    member, to: first.identity, partition: 0, memory: .seconds(60))
            }
            _ = try await queue.store.submit(Samples.spec(1))
            let second = try await live("second")
            #expect(second.remembersUntil != nil)
            _ = try await queue.store.announce("one", to: second.identity, partition: 0, memory: .seconds(60))
            try queue.clock.advance(by: .milliseconds(20))
            _ = try await queue.store.submit(Samples.spec(2))
            // Two has not told the second life anything.
            let third = try await live("third")
            #expect(third.remembersUntil == second.remembersUntil)
            for member in ["one", "two"] {
                _ = try await queue.store.announce(member, to: third.identity, partition: 0, memory: .seconds(60))
            }
            try queue.clock.advance(by: .milliseconds(20))
            _ = try await queue.store.submit(Samples.spec(3))
            #expect(try #require(try await live("fourth").remembersUntil) > (try #require(third.remembersUntil)))
        }
    }

    @Test func `takes no lease back at once after a silence in which all ran out`() async throws {
        try await QueueOnRedis.run { queue in
            func visit() async throws -> ClaimRound {
                try await queue.store.claim(
                    ClaimRequest(
                        partition: 0, worker: "w", lease: .milliseconds(100), limit: 5,
                        round: StoreUnderTest.nextRound(), server: try await queue.store.server(0).identity,
                        shares: [QueueShare(queue: "default", jobs: 5)]))
            }
            _ = try await queue.store.submit(Samples.spec(1))
            let claim = try #require(try await visit().claims.first)
            // Nobody has been heard of for a minute, and the lease ran out meanwhile.
            let longAgo = queue.clock.now + .seconds(-60)
            _ = try await queue.client.send(["SET", queue.key("pulse"), .string("\(longAgo.milliseconds)")])
            _ = try await queue.client.send([
                "ZADD", queue.key("leases"), .string("\(longAgo.milliseconds)"), .string("\(claim.spec.id)"),
            ])
            #expect(try await visit().reclaimed.isEmpty)
            // Who holds it has come back, too.
            #expect(try await queue.store.renew([claim], lease: .milliseconds(100)).isEmpty)
            try queue.clock.advance(by: .milliseconds(101))
            #expect(try await visit().reclaimed.count == 1)
        }
    }

    @Test func `an end of a job that this life has let go leaves no trace`() async throws {
        try await QueueOnRedis.run { queue in
            let server = try await queue.store.server(0).identity
            let end = Settlement(
                spec: Samples.spec(1), epoch: 1, worker: "w", server: server, verdict: .expired, occasion: .restored)
            #expect(try await queue.store.settle(end) == .lost)
            #expect(try await queue.store.record(Samples.id(1)) == nil)
            #expect(try await queue.client.send(["EXISTS", queue.key("\(Samples.id(1))")]).int == 0)
            let counts = try await queue.store.census().flatMap { $0.counts.values }
            #expect(counts.allSatisfy { $0 == 0 })
        }
    }

    @Test func `goes on when all its keys have vanished`() async throws {
        try await QueueOnRedis.run { queue in
            _ = try await queue.store.submit(Samples.spec(1))
            let claim = try #require(try await queue.visit(1).claims.first)
            _ = try await queue.client.send(["FLUSHALL"])
            let late = Settlement(claim: claim, verdict: .expired, attempts: [], spent: 1, rounds: 0)
            #expect(try await queue.store.settle(late) == .lost)
            _ = try await queue.store.submit(Samples.spec(2))
            #expect(try await queue.visit(5).claims.map(\.spec.id) == [Samples.id(2)])
        }
    }

    @Test func `tells those who wait of an end that fell into a gap of the subscription`() async throws {
        try await QueueOnRedis.run { queue in
            _ = try await queue.store.submit(Samples.spec(1))
            let claim = try #require(try await queue.visit(1).claims.first)
            try await withThrowingTaskGroup { group in
                group.addTask { try await queue.store.record(claim.spec.id, endedWithin: .seconds(600)) }
                for _ in 1...5 {
                    _ = try await queue.client.send(["CLIENT", "KILL", "TYPE", "pubsub"])
                    try await Task.sleep(for: .milliseconds(5))
                }
                try await queue.settle(claim, .completed(Samples.result(), nil))
                for try await record in group { #expect(record?.state == .completed) }
            }
        }
    }

    @Test func `does not report an unfinished job early because of a gap`() async throws {
        try await QueueOnRedis.run { queue in
            _ = try await queue.store.submit(Samples.spec(1))
            let claim = try #require(try await queue.visit(1).claims.first)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    let record = try await queue.store.record(claim.spec.id, endedWithin: .seconds(600))
                    #expect(record?.state == .completed)
                }
                for _ in 1...3 {
                    _ = try await queue.client.send(["CLIENT", "KILL", "TYPE", "pubsub"])
                    try await eventually {
                        try await queue.client.send(["PUBSUB", "NUMSUB", queue.key("ended")]).array?.last?.int == 1
                    }
                }
                try await queue.settle(claim, .completed(Samples.result(), nil))
                try await group.waitForAll()
            }
        }
    }

    @Test func `says that it can be tried again while the server is away, and works when it is back`() async throws {
        try await QueueOnRedis.run(commandTimeout: .seconds(2)) { queue in
            _ = try await queue.store.submit(Samples.spec(1))
            queue.server.kill()
            await withTaskGroup { group in
                for number in 1...400 {
                    group.addTask {
                        let error = await #expect(throws: StoreError.self) {
                            try await queue.store.submit(Samples.spec(number))
                        }
                        #expect(error?.isRetriable == true)
                    }
                }
            }
            try await queue.server.restart()
            try await eventually { (try? await queue.store.submit(Samples.spec(500))) == .accepted }
            var claimed: [JobID] = []
            try await eventually {
                claimed = (try? await queue.visit(5).claims.map(\.spec.id)) ?? []
                return !claimed.isEmpty
            }
            #expect(claimed == [Samples.id(500)])
        }
    }

    @Test func `keeps partitions apart and counts them together`() async throws {
        var configuration = QueueOnRedis.configuration()
        configuration.partitions = 2
        try await QueueOnRedis.run([], configuration) { queue in
            var other = Samples.spec(2)
            other.id = Samples.id(2, partition: 1)
            #expect(try await queue.store.submit(Samples.spec(1)) == .accepted)
            #expect(try await queue.store.submit(other) == .accepted)
            let census = try await queue.store.census()
            #expect(census.first { $0.queue == "default" }?.counts == [.queued: 2])
            #expect(try await queue.visit(5, partition: 1).claims.map(\.spec.id) == [other.id])
            #expect(try await queue.visit(5).claims.map(\.spec.id) == [Samples.id(1)])
        }
    }

    @Test func `knows nothing of partitions beyond its own`() async throws {
        try await QueueOnRedis.run { queue in
            let id = Samples.id(1, partition: 7)
            var spec = Samples.spec(1)
            spec.id = id
            let foreign = spec
            let error = await #expect(throws: StoreError.self) { try await queue.store.submit(foreign) }
            #expect(error?.code == .protocolViolation)
            let records = [
                try await queue.store.record(id), try await queue.store.record(id, endedWithin: .seconds(5)),
            ]
            #expect(records == [nil, nil])
        }
    }

    @Test func `finds no fault with a server that keeps what it is given`() async throws {
        let faults = try await QueueOnRedis.run { queue in try await queue.store.serverFaults() }
        #expect(faults.isEmpty)
    }

    @Test func `names a server that would evict jobs`() async throws {
        try await QueueOnRedis.run(["--maxmemory-policy", "allkeys-lru"]) { queue in
            let faults = try await queue.store.serverFaults()
            #expect(faults.count == 1)
            #expect(faults.first?.contains("allkeys-lru") == true)
        }
    }

    @Test func `runs every script on a cluster's terms: all keys in one slot`() async throws {
        // A cluster takes writes after two seconds of its clock.
        try await QueueOnRedis.run(["--cluster-enabled", "yes"], timeIsReal: true) { queue in
            _ = try await queue.client.send(["CLUSTER", "ADDSLOTSRANGE", "0", "16383"])
            try await eventually {
                try await queue.client.send(["CLUSTER", "INFO"]).string?.contains("cluster_state:ok") == true
            }
            var spec = Samples.spec(1, deadline: queue.clock.now + .seconds(600))
            spec.idempotency = Idempotency(key: "k", content: "c")
            _ = try await queue.store.submit(spec)
            let claim = try #require(try await queue.visit(1).claims.first)
            #expect(try await queue.store.renew([claim], lease: .seconds(60)) == [])
            _ = try await queue.store.record(spec.id, endedWithin: .zero)
            try await queue.settle(claim, .failed(.deadlineExceeded, answer: nil))
        }
    }
}
