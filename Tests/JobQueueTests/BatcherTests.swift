import JobFlow
import Synchronization
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(5))) struct `A batcher` {
    /// Runs a batcher that answers each number with its double.
    private func running<Value: Sendable>(
        _ limits: BatchLimits = BatchLimits(), perform: @escaping Batcher<Int, Int>.Perform,
        _ body: @escaping @Sendable (Batcher<Int, Int>) async throws -> Value
    ) async throws -> Value {
        let batcher = Batcher<Int, Int>(limits: limits, size: { _ in 1 }, perform: perform)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await batcher.run() }
            defer { group.cancelAll() }
            return try await body(batcher)
        }
    }

    @Test func `gives each caller its own reply`() async throws {
        let replies = try await running(perform: { .success($0.map { $0 * 2 }) }) { batcher in
            try await withThrowingTaskGroup { group in
                for number in 0..<1000 { group.addTask { (number, try await batcher.call(number)) } }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
        }
        #expect(replies.count == 1000)
        #expect(replies.allSatisfy { $0.value == $0.key * 2 })
    }

    @Test func `sends together what came while others were under way`() async throws {
        let sizes = Mutex<[Int]>([])
        let arrived = Arrivals()
        let latch = Latch()
        var limits = BatchLimits()
        limits.underway = 1
        try await running(
            limits,
            perform: { items in
                sizes.withLock { $0.append(items.count) }
                await latch.wait()
                return .success(items)
            }
        ) { batcher in
            try await withThrowingTaskGroup { group in
                group.addTask { try await batcher.call(0) }
                try await eventually { sizes.withLock { $0 == [1] } }
                for number in 1...50 {
                    group.addTask {
                        arrived.add()
                        return try await batcher.call(number)
                    }
                }
                try await eventually { arrived.count == 50 }
                latch.open()
                try await group.waitForAll()
            }
        }
        #expect(sizes.withLock { $0.reduce(0, +) } == 51)
        #expect(sizes.withLock { $0.count } < 51)
    }

    @Test func `tells every caller of a failure`() async throws {
        let error = StoreError(.refusesWrites, "full")
        try await running(perform: { _ in .failure(error) }) { batcher in
            await withTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { await #expect(throws: error) { try await batcher.call(number) } }
                }
            }
        }
    }

    @Test func `does not mistake a short reply for somebody else's`() async throws {
        try await running(perform: { _ in .success([]) }) { batcher in
            let error = await #expect(throws: StoreError.self) { try await batcher.call(1) }
            #expect(error?.code == .protocolViolation)
        }
    }

    @Test func `says that it can be tried again when it stops in the middle`() async throws {
        let underway = Latch()
        let batcher = Batcher<Int, Int>(size: { _ in 1 }) { _ in
            underway.open()
            try? await Task.sleep(for: .seconds(60))
            return .failure(StoreError(.cancelled, "cancelled"))
        }
        await withTaskGroup { group in
            group.addTask {
                let error = await #expect(throws: StoreError.self) { try await batcher.call(1) }
                #expect(error?.isRetriable == true)
            }
            group.addTask {
                await withTaskGroup { running in
                    running.addTask { await batcher.run() }
                    await underway.wait()
                    running.cancelAll()
                }
            }
        }
        let error = await #expect(throws: StoreError.self) { try await batcher.call(2) }
        #expect(error?.code == .unavailable)
    }

    @Test func `writes what was handed over though the caller has gone`() async throws {
        let written = Mutex<[Int]>([])
        let latch = Latch()
        try await running(
            perform: { items in
                await latch.wait()
                written.withLock { $0 += items }
                return .success(items)
            }
        ) { batcher in
            try await withThrowingTaskGroup { group in
                group.addTask { try await batcher.call(7) }
                group.cancelAll()
                latch.open()
                try await group.waitForAll()
            }
        }
        #expect(written.withLock { $0 } == [7])
    }
}

/// Counts the callers that are on their way.
private final class Arrivals: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
}
