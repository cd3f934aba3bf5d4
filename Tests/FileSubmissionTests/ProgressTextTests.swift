import Testing

@testable import FileSubmission

@Suite struct ProgressTextTests {
    @Test func `the bar shows what is done, how fast, and how long it takes`() {
        var tally = SubmitTally()
        (tally.total, tally.submitted, tally.completed, tally.failed, tally.waits) = (1000, 800, 240, 10, true)
        let text = ProgressText.bar(tally, rate: 5, width: 200)
        #expect(
            text == "██████░░░░░░░░░░░░░░░░░░ 250/1000 done · 800/1000 submitted · 10 failed · 5/s · 2 min left"
                || text.hasSuffix("150 s left"))
        #expect(ProgressText.bar(tally, rate: 5, width: 40).count == 40)
    }

    @Test func `without waiting it counts what is submitted`() {
        var tally = SubmitTally()
        (tally.total, tally.submitted, tally.rejected, tally.notice) = (10, 5, 1, "nobody answers")
        #expect(ProgressText.plain(tally, rate: nil) == "5/10 submitted · 1 rejected · nobody answers")
    }

    @Test(arguments: [(0.2, "1 s"), (119, "119 s"), (125, "2 min"), (7300, "2 h 1 min")])
    func `times are as exact as anybody cares`(seconds: Double, text: String) {
        #expect(ProgressText.span(seconds) == text)
    }

    @Test func `the rate is that of the last half minute`() {
        var window = RateWindow()
        for second in 0...100 { window.saw(second < 50 ? second * 100 : 5000, at: .seconds(second)) }
        #expect(window.rate(5000, at: .seconds(100)) == 0)
        #expect(RateWindow().rate(5, at: .seconds(1)) == nil)
    }

    @Test func `the report names rejected lines, and how to go on`() {
        var tally = SubmitTally()
        (tally.total, tally.submitted, tally.rejected, tally.completed, tally.waits) = (30, 30, 22, 8, true)
        let named = (1...20).map { LineRejection(line: $0, code: "invalid_json", message: "bad") }
        let report = SubmitReport(tally: tally, rejections: named, state: "a.state")
        let lines = report.lines(wasInterrupted: true)
        #expect(lines.first == "line 1 rejected: bad (invalid_json)")
        #expect(lines.contains("and 2 more lines rejected"))
        #expect(lines.contains("30 of 30 submitted, 8 completed, 0 failed, 22 rejected"))
        #expect(lines.last == "not finished; the same command goes on from here (a.state)")
    }
}
