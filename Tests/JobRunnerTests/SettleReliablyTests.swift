import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct SettleReliablyTests {
    private static let away = StoreError(.unavailable, "nobody answers")

    private func settlement(_ bench: Bench) async throws -> Settlement {
        try await bench.submit(Samples.spec())
        let claim = try await bench.claim()
        return Settlement(claim: claim, verdict: .completed(Samples.result(), nil), attempts: [], spent: 0, rounds: 0)
    }

    @Test(arguments: [StoreError.Code.protocolViolation, .cancelled])
    func `what will not get better is not repeated`(code: StoreError.Code) async throws {
        let bench = Bench(settleErrors: [StoreError(code, "no")])
        let settlement = try await settlement(bench)
        #expect(await bench.settle().settle(settlement) == nil)
        #expect(bench.store.seen.settlements.count == 1)
        #expect(bench.messages().contains("a settlement could not be written"))
    }

    @Test func `patience ends`() async throws {
        let bench = Bench(settleErrors: Array(repeating: Self.away, count: 1000))
        let settlement = try await settlement(bench)
        #expect(await bench.settle(patience: .zero).settle(settlement) == nil)
        #expect(bench.store.seen.settlements.count == 1)
    }

    @Test func `a settlement outlives the task of its job`() async throws {
        let bench = Bench(settleErrors: [Self.away, Self.away, Self.away])
        let settlement = try await settlement(bench)
        let outcome = await withTaskGroup { group in
            group.addTask {
                while !Task.isCancelled { await Task.yield() }
                return await bench.settle().settle(settlement)
            }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(outcome == .settled)
        #expect(try await bench.record().state == .completed)
    }

    @Test func `a settlement of a job that somebody else holds is lost`() async throws {
        let bench = Bench()
        var settlement = try await settlement(bench)
        settlement.epoch = 0
        #expect(await bench.settle().settle(settlement) == .lost)
        #expect(bench.store.seen.settlements.count == 1)
    }
}
