import JobFlow
import Testing

@testable import JobIntake

@Suite struct LogCursorTests {
    private func page(_ events: [JobEvent], _ state: JobState = .inProgress) -> JobEventPage {
        JobEventPage(events: events, standing: JobStanding(state: state, epoch: 1, attempts: 0))
    }

    private func piece(_ sequence: Int, _ text: String, attempt: Int = 1) -> JobEvent {
        JobEvent(sequence: sequence, attempt: attempt, kind: .piece(Array(text.utf8)))
    }

    @Test func `pieces are passed on, and the end is over when the job is`() {
        var cursor = LogCursor()
        #expect(cursor.read(page([]), hasBegun: false) == .nothing)
        #expect(cursor.read(page([piece(0, "a"), piece(1, "b")]), hasBegun: false) == .bytes(Array("ab".utf8)))
        let end = JobEvent(sequence: 2, attempt: 1, kind: .end)
        #expect(cursor.read(page([end], .completed), hasBegun: true) == .nothing)
        #expect(cursor.read(page([], .completed), hasBegun: true) == .over(isComplete: true))
    }

    @Test func `a log without its end is not complete`() {
        var cursor = LogCursor()
        _ = cursor.read(page([piece(0, "a")]), hasBegun: false)
        #expect(cursor.read(page([], .completed), hasBegun: true) == .over(isComplete: false))
    }

    @Test(arguments: [true, false])
    func `another attempt breaks what has begun, and replaces what has not`(hasBegun: Bool) {
        var cursor = LogCursor()
        let events = [piece(0, "a"), JobEvent(sequence: 1, attempt: 2, kind: .restart), piece(2, "b", attempt: 2)]
        #expect(cursor.read(page(events), hasBegun: hasBegun) == (hasBegun ? .broken : .bytes(Array("b".utf8))))
    }

    @Test func `a log that began anew without a mark is never taken for the same answer`() {
        var cursor = LogCursor()
        _ = cursor.read(page([piece(0, "a")]), hasBegun: false)
        #expect(cursor.read(page([piece(1, "b", attempt: 2)]), hasBegun: true) == .broken)
    }

    @Test func `a gap breaks it`() {
        var cursor = LogCursor()
        #expect(cursor.read(page([piece(3, "a")]), hasBegun: false) == .broken)
    }

    @Test func `a second attempt behind a whole answer is nothing to this client`() {
        var cursor = LogCursor()
        _ = cursor.read(page([piece(0, "a"), JobEvent(sequence: 1, attempt: 1, kind: .end)]), hasBegun: false)
        let restart = JobEvent(sequence: 2, attempt: 2, kind: .restart)
        #expect(cursor.read(page([restart]), hasBegun: true) == .over(isComplete: true))
    }
}
