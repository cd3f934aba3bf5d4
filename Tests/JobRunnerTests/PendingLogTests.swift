import JobFlow
import Testing

@testable import JobRunner

@Suite struct PendingLogTests {
    private func addition(_ text: String, at offset: Int, attempt: Int = 1, isEnd: Bool = false) -> PendingLog.Step {
        .write(JobEventAddition(attempt: attempt, offset: offset, bytes: Array(text.utf8), isEnd: isEnd))
    }

    private func underWay(_ log: PendingLog) -> JobEventAddition? {
        if case .write(let addition) = log.next { addition } else { nil }
    }

    private func write(_ log: inout PendingLog) {
        if case .write(let addition) = log.next { log.written(addition) }
    }

    @Test func `what came since the last write is one addition`() {
        var log = PendingLog()
        #expect(log.next == .rest)
        log.take(Array("a".utf8), attempt: 1)
        #expect(log.next == addition("a", at: 0))
        write(&log)
        log.take(Array("b".utf8), attempt: 1)
        log.take(Array("c".utf8), attempt: 1)
        #expect(log.next == addition("bc", at: 1))
        write(&log)
        log.end(whole: 1)
        #expect(log.next == addition("", at: 3, isEnd: true))
        write(&log)
        #expect(log.next == .done)
    }

    @Test func `what comes during a write waits for the next`() throws {
        var log = PendingLog()
        log.take(Array("a".utf8), attempt: 1)
        let first = try #require(underWay(log))
        log.take(Array("b".utf8), attempt: 1)
        log.written(first)
        #expect(log.next == addition("b", at: 1))
    }

    @Test func `another attempt forgets what was left of the one before`() throws {
        var log = PendingLog()
        log.take(Array("old".utf8), attempt: 1)
        let first = try #require(underWay(log))
        log.take(Array("new".utf8), attempt: 2)
        log.written(first)
        #expect(log.next == addition("new", at: 0, attempt: 2))
        log.end(whole: 2)
        #expect(log.next == addition("new", at: 0, attempt: 2, isEnd: true))
    }

    @Test func `an answer that came in one piece has no end of its own in the log`() {
        var log = PendingLog()
        log.take(Array("half".utf8), attempt: 1)
        write(&log)
        log.end(whole: 2)
        #expect(log.next == .done)
    }

    @Test func `a log that was given up takes nothing more and has no end`() {
        var log = PendingLog()
        log.take(Array("a".utf8), attempt: 1)
        log.giveUp()
        log.take(Array("b".utf8), attempt: 1)
        #expect(log.next == .rest)
        log.end(whole: nil)
        #expect(log.next == .done)
    }

    @Test func `large pieces are written in parts`() {
        var log = PendingLog()
        log.take([UInt8](repeating: 1, count: 600_000), attempt: 1)
        log.end(whole: 1)
        var parts: [Int] = []
        while case .write(let addition) = log.next {
            parts.append(addition.bytes.count)
            #expect(addition.isEnd == (parts.reduce(0, +) == 600_000))
            log.written(addition)
        }
        #expect(parts == [262_144, 262_144, 75_712])
    }
}
