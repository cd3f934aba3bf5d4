import FleetBoard
import JobFlow
import LiveRedis
import Redis
import Synchronization
import TestKit
import Testing

/// What only the board on Redis promises: its keys, and how it lives with foreign data and with a server that is full or
/// away.
@Suite(.timeLimit(.minutes(5)), .serialized) struct `The board on Redis` {
    private func full(_ process: String = "a") -> PoolReport {
        var report = EndpointReport(endpoint: "east")
        report.throttle = .seconds(5)
        report.health = .ill(HealthGate(closedFor: .zero, round: 2, isUnreachable: true))
        report.credentials = .out(CredentialGate(closedFor: .seconds(5), reason: "unauthorized"))
        report.wantsProbe = .seconds(5)
        report.wantsReload = true
        report.tokens = TokenReport(rate: 10, burst: 100, taken: 5, isUsing: true)
        report.inflight = 3
        let use = TokenUse(
            endpoint: "east", model: "m", queue: "q", calls: 1, estimated: 2, prompt: 3, completion: 4, cached: 5)
        return PoolReport(process: process, endpoints: [report], retries: RetryReport(firstCalls: 1), usage: [use])
    }

    @Test func `keeps a handful of keys, and each goes away a day after the last report`() async throws {
        try await BoardOnRedis.run { test in
            for process in ["a", "b"] { _ = try await test.board.exchange(full(process)) }
            let keys = try await test.keys()
            let names = keys.filter { !$0.hasPrefix("sluice{pool}:usage:") }.map { $0.dropFirst("sluice{pool}:".count) }
            #expect(try await test.board.usage(hours: 2).map(\.cached) == [10])
            #expect(names == ["endpoint:east", "process:a", "process:b", "processes", "retries", "users:east"])
            for key in keys {
                let hours = (try await test.client.send(["PTTL", .string(key)]).int ?? 0) / 3_600_000
                #expect((24...50).contains(hours), "\(key) goes away in \(hours) hours")
            }
        }
    }

    @Test func `an endpoint of which nothing is said has no key`() async throws {
        try await BoardOnRedis.run { test in
            try await test.report()
            #expect(try await test.keys() == ["sluice{pool}:processes", "sluice{pool}:retries"])
            _ = try await test.board.standings(of: ["east"])
            #expect(try await test.keys().count == 2)
        }
    }

    @Test func `keys of an endpoint that is reported on live on`() async throws {
        try await BoardOnRedis.run { test in
            _ = try await test.board.exchange(full())
            let names = ["sluice{pool}:endpoint:east", "sluice{pool}:users:east"]
            for name in names { _ = try await test.client.send(["PEXPIRE", .string(name), 60_000]) }
            _ = try await test.client.send(["HINCRBY", .string(names[0]), "kept", -7_200_000])
            try await test.report()
            for name in names { #expect(try await test.client.send(["PTTL", .string(name)]).int ?? 0 > 80_000_000) }
        }
    }

    @Test(arguments: ["", "x", "nan", "inf", "-1e999", "1 2 3 4", "1.5", "99999999999999999999 1 1", "\0\u{FF}"])
    func `fields that it cannot read count as not there`(_ garbage: String) async throws {
        try await BoardOnRedis.run { test in
            _ = try await test.board.exchange(full())
            for key in ["endpoint:east", "process:a", "retries"] {
                let name = RedisArgument.string("sluice{pool}:" + key)
                for field in try await test.client.send(["HKEYS", name]).array ?? [] {
                    _ = try await test.client.send(["HSET", name, .string(field.string ?? ""), .string(garbage)])
                }
            }
            let standing = try await test.report {
                $0.tokens = TokenReport(rate: 10, burst: 100, taken: 0, isUsing: true)
            }
            #expect(standing?.room?.tokens == 100)
            #expect(standing?.health == nil)
            #expect(standing?.out == nil)
            #expect(standing?.throttledFor == .zero)
        }
    }

    @Test(arguments: ["endpoint:east", "users:east", "process:a", "processes", "retries"])
    func `a foreign key is an error and nothing worse`(_ name: String) async throws {
        try await BoardOnRedis.run { test in
            let key = RedisArgument.string("sluice{pool}:" + name)
            _ = try await test.client.send(["SET", key, "foreign"])
            await #expect { try await test.board.exchange(full()) } throws: {
                ($0 as? StoreError)?.code == .protocolViolation
            }
            _ = try await test.client.send(["DEL", key])
            #expect(try await test.board.exchange(full()).endpoints[0].inflight == 3)
        }
    }

    @Test func `foreign statistics cost no report, and are an error to who reads them`() async throws {
        try await BoardOnRedis.run { test in
            _ = try await test.board.exchange(full())
            let key = try #require(try await test.keys().first { $0.contains("usage") })
            _ = try await test.client.send(["HSET", .string(key), "foreign", "7"])
            await #expect { try await test.board.usage(hours: 2) } throws: {
                ($0 as? StoreError)?.code == .protocolViolation
            }
            _ = try await test.client.send(["SET", .string(key), "foreign"])
            await #expect { try await test.board.usage(hours: 2) } throws: {
                ($0 as? StoreError)?.code == .protocolViolation
            }
            #expect(try await test.board.exchange(full()).endpoints.count == 1)
        }
    }

    @Test func `numbers that are none harm nobody`() async throws {
        try await BoardOnRedis.run { test in
            for number in [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1, 0] {
                let standing = try await test.report {
                    $0.tokens = TokenReport(rate: number, burst: number, taken: number, isUsing: true)
                    $0.throttle = .seconds(Int64.max)
                    $0.inflight = .min
                }
                #expect(standing?.room?.tokens.isFinite == true)
                let retries = RetryReport(firstCalls: .max, retries: .max, ratio: number, reserve: number)
                let use = TokenUse(
                    endpoint: "e", model: "m", queue: "q", calls: .max, estimated: .min, prompt: .max, completion: .max,
                    cached: .max)
                let pool = PoolReport(process: "p q\n\0", endpoints: [], retries: retries, usage: [use])
                #expect(try await test.board.exchange(pool).retryAllowance.isFinite)
            }
            #expect(try await test.board.usage(hours: 1).allSatisfy { $0.calls > 0 && $0.estimated == 0 })
        }
    }

    @Test func `a full server goes on`() async throws {
        try await BoardOnRedis.run { test in
            _ = try await test.client.send(["CONFIG", "SET", "maxmemory", "1"])
            #expect(try await test.board.exchange(full()).endpoints[0].throttledFor > .zero)
        }
    }

    @Test func `a wiped server has open gates and a full bucket`() async throws {
        try await BoardOnRedis.run { test in
            _ = try await test.board.exchange(full())
            _ = try await test.client.send(["FLUSHALL"])
            _ = try await test.client.send(["SCRIPT", "FLUSH"])
            let standing = try await test.report { $0.tokens = TokenReport(rate: 1, burst: 9, taken: 0, isUsing: true) }
            #expect(
                standing == EndpointStanding(endpoint: "east", room: TokenRoom(tokens: 9, rate: 1, burst: 9)))
        }
    }

    @Test func `a listener whose connection was lost is told so when it is back`() async throws {
        try await BoardOnRedis.run(commandTimeout: .seconds(2)) { test in
            let (gaps, heard) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await test.other.listen(onChange: { _ in heard.add() }, onGap: { gaps.add() })
                }
                try await eventually { gaps.value == 1 }
                test.server.kill()
                try await test.server.restart()
                try await eventually { gaps.value >= 2 }
                try await eventually { (try? await test.report { $0.throttle = .seconds(60) }) != nil }
                try await eventually { heard.value == 1 }
                group.cancelAll()
            }
        }
    }

    @Test func `foreign announcements are not heard`() async throws {
        try await BoardOnRedis.run { test in
            let (gaps, heard) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await test.other.listen(onChange: { _ in heard.add() }, onGap: { gaps.add() })
                }
                try await eventually { gaps.value == 1 }
                for payload in ["", "x", "0 -1 0 0 -1 0 -", "a b c d e f g h"] {
                    _ = try await test.client.send(["PUBLISH", "sluice{pool}:gates", .string(payload)])
                }
                try await test.report { $0.throttle = .seconds(60) }
                try await eventually { heard.value > 0 }
                #expect(heard.value == 1)
                group.cancelAll()
            }
        }
    }

    @Test func `a server that is away is an error that passes`() async throws {
        try await BoardOnRedis.run(commandTimeout: .milliseconds(300)) { test in
            test.server.kill()
            await #expect { try await test.board.exchange(full()) } throws: { ($0 as? StoreError)?.isRetriable == true }
            await #expect { try await test.board.standings(of: ["a"]) } throws: {
                ($0 as? StoreError)?.isRetriable == true
            }
            await #expect { try await test.board.usage(hours: 1) } throws: { ($0 as? StoreError)?.isRetriable == true }
        }
    }
}

private final class Count: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() { count.wrappingAdd(1, ordering: .relaxed) }
}
