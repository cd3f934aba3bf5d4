import Testing

@testable import Settings

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("0s", .zero), ("0ms", .zero), ("1ms", .milliseconds(1)),
        ("30s", .seconds(30)), ("5m", .seconds(300)), ("24h", .seconds(86_400)), ("90d", .seconds(7_776_000)),
        ("007s", .seconds(7)), ("1000ms", .seconds(1)),
    ])
    func `a whole number with a unit is a duration`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", "30", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1sec", "1w", "1h30m", "٣s", "1e3s",
        "9223372036854775807d", "99999999999999999999s", "PT30S",
    ])
    func `anything else is not`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["0s", "1ms", "500ms", "1500ms", "30s", "90s", "5m", "25h", "1d", "90d"])
    func `it is written in the largest unit that fits`(text: String) throws {
        #expect(DurationText.render(try #require(DurationText.parse(text))) == text)
    }

    @Test func `equal durations are written the same`() {
        #expect(DurationText.render(.seconds(60)) == "1m")
        #expect(DurationText.render(.seconds(86_400)) == "1d")
    }
}
