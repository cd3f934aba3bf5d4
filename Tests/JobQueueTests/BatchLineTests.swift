import JobFlow
import Testing

@testable import JobQueue

@Suite struct `A line of calls` {
    private typealias Line = BatchLine<String, Int>

    private static let away = StoreError(.unavailable, "nobody answers")

    private func line(_ count: Int = 0, bytes: Int = 1, _ change: (inout BatchLimits) -> Void = { _ in }) -> Line {
        var limits = BatchLimits()
        change(&limits)
        var line = Line(limits)
        for number in 0..<count { _ = line.enter("item", bytes: bytes, number) }
        return line
    }

    @Test func `leaves in the order it came`() {
        var line = line(5) { $0.batch = 3 }
        #expect(line.nextBatch()?.calls.map(\.waiter) == [0, 1, 2])
        #expect(line.nextBatch()?.calls.map(\.waiter) == [3, 4])
        #expect(line.nextBatch() == nil)
    }

    @Test func `waits while enough is under way`() {
        var line = line(3) {
            $0.batch = 1
            $0.underway = 2
        }
        #expect(line.nextBatch() != nil)
        #expect(line.nextBatch() != nil)
        #expect(line.nextBatch() == nil)
        line.ended()
        #expect(line.nextBatch()?.calls.map(\.waiter) == [2])
    }

    @Test func `sends no more bytes together than allowed`() {
        var line = line(4, bytes: 40) { $0.batchBytes = 100 }
        #expect(line.nextBatch()?.calls.count == 2)
        #expect(line.nextBatch()?.calls.count == 2)
    }

    @Test func `sends a call that is larger than a batch alone`() {
        var line = line { $0.batchBytes = 100 }
        _ = line.enter("large", bytes: 1000, 1)
        _ = line.enter("small", bytes: 1, 2)
        #expect(line.nextBatch()?.calls.map(\.waiter) == [1])
        #expect(line.nextBatch()?.calls.map(\.waiter) == [2])
    }

    @Test func `refuses what it has no room for, and takes more when it has`() {
        var line = line(2) { $0.waiting = 2 }
        #expect(line.enter("item", bytes: 1, 3)?.code == .unavailable)
        _ = line.nextBatch()
        #expect(line.enter("item", bytes: 1, 4) == nil)
    }

    @Test func `refuses more bytes than it may hold`() {
        var line = line(2, bytes: 50) { $0.waitingBytes = 100 }
        #expect(line.enter("item", bytes: 1, 3)?.isRetriable == true)
        _ = line.nextBatch()
        #expect(line.enter("item", bytes: 1, 4) == nil)
    }

    @Test func `gives up those who waited as long as the batch that failed, and nobody else`() throws {
        var line = line(5) { $0.batch = 2 }
        let next = line.nextBatch()
        let batch = try #require(next)
        _ = line.enter("later", bytes: 1, 5)
        #expect(line.failed(batch, Self.away).map(\.waiter) == [2, 3, 4])
        #expect(line.nextBatch()?.calls.map(\.waiter) == [5])
    }

    @Test func `lets the others go on when one batch was not understood`() throws {
        var line = line(5) { $0.batch = 2 }
        let next = line.nextBatch()
        let batch = try #require(next)
        #expect(line.failed(batch, StoreError(.protocolViolation, "what?")).isEmpty)
        #expect(line.nextBatch()?.calls.count == 2)
    }

    @Test func `returns everybody when it closes, and takes nobody after`() {
        var line = line(3)
        #expect(line.close().map(\.waiter) == [0, 1, 2])
        #expect(line.enter("item", bytes: 1, 4)?.code == .unavailable)
        #expect(line.nextBatch() == nil)
    }
}
