import Testing

@testable import JobQueue

@Suite struct `A timetable` {
    private let start = ContinuousClock.now
    private let tick = Timetable<String>.tick

    @Test func `gives up what is due, never early, at most a tick late`() {
        var table = Timetable<String>()
        table.insert("soon", at: start + .milliseconds(15), now: start)
        table.insert("later", at: start + .seconds(600), now: start)
        #expect(table.takeDue(start + .milliseconds(14)) == [])
        #expect(table.takeDue(start + .milliseconds(15) + tick * 2) == ["soon"])
        #expect(!table.isEmpty)
        #expect(table.takeDue(start + .seconds(600) + tick * 2) == ["later"])
        #expect(table.isEmpty)
    }

    @Test func `forgets what is taken out`() {
        var table = Timetable<String>()
        let time = start + .seconds(1)
        table.insert("one", at: time, now: start)
        table.insert("two", at: time, now: start)
        table.remove("one", at: time)
        #expect(table.takeDue(time + tick * 2) == ["two"])
        table.insert("three", at: time + .seconds(5), now: time)
        table.remove("three", at: time + .seconds(5))
        #expect(table.isEmpty)
    }

    @Test func `takes what is overdue at the next look`() {
        var table = Timetable<String>()
        table.insert("first", at: start + .milliseconds(5), now: start)
        _ = table.takeDue(start + .seconds(60))
        table.insert("overdue", at: start + .seconds(1), now: start + .seconds(60))
        #expect(table.takeDue(start + .seconds(60) + tick * 2) == ["overdue"])
    }
}
