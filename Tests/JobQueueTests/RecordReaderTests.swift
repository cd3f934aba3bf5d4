import JobFlow
import Synchronization
import TestKit
import Testing

@testable import JobQueue
@testable import Redis

@Suite struct `Reading records by plain commands` {
    private let id = Samples.id(1)
    private let nothing = RedisReply.array(ReadRecord.fields.map { _ in .null })

    private func head(_ spec: JobSpec, _ bytes: Int = 384) -> RedisReply {
        let meta = spec.encodedMeta
        return .bytes((Array("default \(meta.count) ".utf8) + meta + spec.body).prefix(bytes))
    }

    private func record(_ fields: [String: String]) -> RedisReply {
        .array(ReadRecord.fields.map { fields[$0].map { .bytes(Array($0.utf8)[...]) } ?? .null })
    }

    @Test func `a payload alone is a job that waits`() throws {
        let spec = Samples.spec(1)
        let found = try #require(PlainRead.found(id, nothing, head(spec)))
        let read = try #require(try ReadRecord.record(found))
        #expect(read.state == .queued)
        #expect(read.spec.model == spec.model)
        #expect(read.spec.createdAt == spec.createdAt)
    }

    @Test func `the state is the record's, the rest is the payload's`() throws {
        let found = try #require(
            PlainRead.found(id, record(["state": "in_progress", "rows": "3"]), head(Samples.spec(1))))
        let read = try #require(try ReadRecord.record(found))
        #expect(read.state == .inProgress)
        #expect(read.attempts == 3)
    }

    @Test func `a changed meta is the record's`() throws {
        let changed = Samples.spec(1, model: "another")
        let meta = String(decoding: changed.encodedMeta, as: UTF8.self)
        let found = try #require(PlainRead.found(id, record(["state": "queued", "meta": meta]), head(Samples.spec(1))))
        #expect(try ReadRecord.record(found)?.spec.model == "another")
    }

    @Test func `what they cannot tell is left to the script`() {
        let spec = Samples.spec(1)
        #expect(PlainRead.found(id, nothing, .bytes([])) == nil, "no job, or an alias")
        #expect(PlainRead.found(id, nothing, head(spec, 40)) == nil, "the meta is longer")
        #expect(PlainRead.found(id, record(["state": "completed"]), .bytes([])) == nil, "the payload has just left")
        #expect(PlainRead.found(id, .error("ERR"), head(spec)) == nil)
        for length in ["-5", "9223372036854775807", "x"] {
            #expect(PlainRead.found(id, nothing, .bytes(Array("default \(length) {}".utf8)[...])) == nil)
        }
    }

    @Test func `a job reads the same whichever way, also with a meta of any length`() async throws {
        try await QueueOnRedis.run { queue in
            var long = Samples.spec(2)
            long.metadata = Array(#"{"note":"\#(String(repeating: "m", count: 2000))"}"#.utf8)
            for spec in [Samples.spec(1), long] { _ = try await queue.store.submit(spec) }
            for id in [Samples.id(1), Samples.id(2), Samples.id(3)] {
                let reader = RecordReader(queue.client, partition: id.partition)
                let ways = [try await reader.read([id]).get(), try await reader.readAndWatch([id]).get()]
                let records = try ways.map { way in try way.first.flatMap(\.self).flatMap { try ReadRecord.record($0) }
                }
                #expect(records[0] == records[1])
                #expect((records[0] == nil) == (id == Samples.id(3)))
            }
        }
    }

    @Test func `after large answers a script reads for a while, which can stop in between`()
        async throws
    {
        try await QueueOnRedis.run { queue in
            let answer = Array(#"{"text":"\#(String(repeating: "x", count: 3_000_000))"}"#.utf8)
            for number in 1...3 { _ = try await queue.store.submit(Samples.spec(number)) }
            let claims = try await queue.visit(2).claims
            for claim in claims {
                let result = JobResult(statusCode: 200, body: answer, endpoint: "one")
                try await queue.settle(claim, .completed(result, nil))
            }
            let (large, small) = (claims.map(\.spec.id), Samples.id(3))
            let clock = Mutex(ContinuousClock.now)
            let reader = RecordReader(queue.client, partition: 0, now: { clock.withLock { $0 } })
            #expect(try await scripts(queue) { _ = try await reader.read([small]).get() } == 0)
            #expect(try await scripts(queue) { _ = try await reader.read(large).get() } == 0)
            #expect(try await reader.read(large + large).get().map { $0 == nil } == [false, false, true, true])
            #expect(try await scripts(queue) { _ = try await reader.readAndWatch([small]).get() } == 1)
            #expect(try await scripts(queue) { _ = try await reader.read([small]).get() } == 1)
            clock.withLock { $0 += RecordReader.memory }
            #expect(try await scripts(queue) { _ = try await reader.read([small]).get() } == 0)
            #expect(try await scripts(queue) { _ = try await reader.read(large + [Samples.id(9)]).get() } == 1)
            #expect(try await scripts(queue) { _ = try await reader.read([small]).get() } == 1)
        }
    }

    @Test func `an end that was watched from the submission on costs one plain read`() async throws {
        try await QueueOnRedis.run { queue in
            func ask(_ spec: JobSpec) async throws {
                #expect(try await queue.store.submitAndWatch(spec) == .accepted)
                async let end = queue.store.record(spec.id, endedWithin: .seconds(600))
                let claim = try #require(try await queue.visit(1).claims.first)
                try await queue.settle(claim, .completed(Samples.result(), nil))
                #expect(try await end?.state == .completed)
            }
            // From now on the server knows the scripts.
            try await ask(Samples.spec(1))
            let visit = try await scripts(queue) { _ = try await queue.visit(0) }
            let count = try await scripts(queue) { try await ask(Samples.spec(2)) }
            #expect(count == visit + 2, "and submission, and settlement")
        }
    }

    /// How many scripts the server runs meanwhile.
    private func scripts(_ queue: QueueOnRedis, _ body: () async throws -> Void) async throws -> Int {
        _ = try await queue.client.send(["CONFIG", "RESETSTAT"])
        try await body()
        let lines = try #require(try await queue.client.send(["INFO", "commandstats"]).string).split(
            whereSeparator: \.isNewline)
        let line = lines.first { $0.hasPrefix("cmdstat_evalsha:calls=") || $0.hasPrefix("cmdstat_eval:calls=") }
        return line.flatMap { $0.split(separator: "=").dropFirst().first?.prefix { $0 != "," } }.flatMap { Int($0) }
            ?? 0
    }
}
