import JobFlow
import Synchronization

extension PoolBoardContract {
    private static func use(_ endpoint: String, model: String = "gpt", queue: String = "default", calls: Int = 1)
        -> TokenUse
    {
        TokenUse(
            endpoint: endpoint, model: model, queue: queue, calls: calls, estimated: 10 * calls, prompt: 7 * calls,
            completion: 2 * calls, cached: 0)
    }

    private static func report(
        _ test: BoardUnderTest, _ uses: [TokenUse], _ process: String = "a", number: Int? = nil
    ) async throws {
        let report = PoolReport(
            process: process, endpoints: [], usage: uses, usageNumber: number ?? numbers.next())
        _ = try await test.board.exchange(report)
    }

    private static let numbers = UsageNumbers()

    /// Of two clock hours: a case may move the clock past the end of one.
    private static func found(_ test: BoardUnderTest) async throws -> [TokenUse] {
        try await test.other.usage(hours: 2)
    }

    static let using = [
        Case("tokens are summed up by endpoint, model and queue") { test in
            try await report(test, [use("west", calls: 2), use("east", queue: "batch"), use("west", model: "o1")])
            try await report(test, [use("west", calls: 5), use("east")])
            try promise(
                try await found(test),
                is: [use("east", queue: "batch"), use("east"), use("west", calls: 7), use("west", model: "o1")])
        },
        Case("usage that comes again under its number is counted once") { test in
            for _ in 0..<3 { try await report(test, [use("west"), use("east")], number: 1) }
            try await report(test, [use("west", calls: 2)], number: 2)
            try await report(test, [use("west", calls: 4)], "b", number: 2)
            try await report(test, [], number: 3)
            try await report(test, [use("west", calls: 2)], number: 2)
            try promise(try await found(test), is: [use("east"), use("west", calls: 7)])
        },
        Case("of no hours there is nothing, and of very many what there is") { test in
            try await report(test, [use("east")])
            try promise(try await test.board.usage(hours: 0), is: [])
            try promise(try await test.board.usage(hours: -1), is: [])
            try promise(try await test.board.usage(hours: .max), is: [use("east")])
        },
        Case("names are kept short and whole") { test in
            let long = String(repeating: "x", count: 200)
            try await report(test, [use("a|b", model: long, queue: ""), use("ünï")])
            try promise(
                try await found(test), is: [use("a_b", model: String(long.prefix(64)), queue: ""), use("ünï")])
        },
        Case("combinations beyond some hundreds an hour are one, and none is lost") { test in
            for start in stride(from: 0, to: 1000, by: 100) {
                try await report(test, (start..<start + 100).map { use("east", model: "m\($0)") })
            }
            let all = try await found(test)
            try promise(all.count <= 801, "\(all.count) combinations")
            try promise(all.reduce(0) { $0 + $1.calls }, is: 1000)
            try promise(all.contains { $0.endpoint == "other" && $0.calls >= 199 }, "none is called other")
            try await report(test, [use("east", model: "m1")])
            try promise(try await found(test).first { $0.model == "m1" }?.calls, is: 2)
        },
    ]
}

/// No two reports of the suite share one.
private final class UsageNumbers: Sendable {
    private let last = Mutex(1000)

    func next() -> Int {
        last.withLock { number in
            number += 1
            return number
        }
    }
}
