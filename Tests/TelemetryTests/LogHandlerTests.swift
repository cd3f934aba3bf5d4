import Logging
import Testing

@testable import Telemetry

struct LogHandlerTests {
    @Test func `a JSON line, exactly`() {
        let sink = CapturingSink()
        var logger = sink.logger(.json)
        logger[metadataKey: "job.id"] = "job_1"
        logger.info("listening", metadata: ["address": "127.0.0.1:1", "attempt": .stringConvertible(2)])
        #expect(
            sink.lines == [
                #"{"time":"2026-11-22T15:04:05.067Z","level":"info","logger":"sluice.test","message":"listening","#
                    + #""address":"127.0.0.1:1","attempt":2,"job.id":"job_1"}"# + "\n"
            ])
    }

    @Test func `JSON stays valid whatever the metadata holds`() throws {
        let sink = CapturingSink()
        let broken = String(decoding: [0xd800, 0x41] as [UInt16], as: UTF16.self)
        let awkward = "\"\\/\u{0}\u{1}\u{1f}\u{7f}\u{2028}\n\r\t\u{1F680}" + broken
        let logger = sink.logger(.json)
        logger.error(
            "\(awkward)",
            metadata: [
                "\(awkward)": "\(awkward)", "": "", "list": ["a", ["b": "\(awkward)"], []], "empty": [:],
                "nan": .stringConvertible(Double.nan), "ratio": .stringConvertible(0.5),
                "flag": .stringConvertible(true),
            ])
        let object = try #require(sink.objects[0])
        #expect(object["message"] as? String == awkward)
        #expect(object[awkward] as? String == awkward)
        #expect(object["ratio"] as? Double == 0.5)
        #expect(object["flag"] as? Bool == true)
        #expect(object["nan"] as? String == "nan")
        #expect((object["list"] as? [Any])?.count == 3)
        #expect(sink.lines[0].dropLast().allSatisfy { $0 != "\n" })
    }

    @Test func `own keys are never overwritten`() throws {
        let sink = CapturingSink()
        sink.logger(.json).warning("m", metadata: ["message": "x", "level": "y", "time": "z", "logger": "w"])
        let object = try #require(sink.objects[0])
        #expect(object["message"] as? String == "m")
        #expect(object["level"] as? String == "warning")
        #expect(object["metadata.message"] as? String == "x")
        #expect(object.count == 8)
    }

    @Test func `the call wins over the provider, the provider over the logger`() throws {
        let sink = CapturingSink()
        var logger = sink.logger(.json, provider: Logger.MetadataProvider { ["a": "provider", "b": "provider"] })
        for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
        logger.info("m", metadata: ["a": "call"])
        let object = try #require(sink.objects[0])
        #expect(["a", "b", "c"].map { object[$0] as? String } == ["call", "provider", "logger"])
    }

    @Test func `very long and very deep metadata is cut`() throws {
        let sink = CapturingSink()
        var deep = Logger.MetadataValue.string("bottom")
        for _ in 0..<1_000 { deep = ["k": deep] }
        let long = String(repeating: "é", count: 100_000)
        sink.logger(.json).info("m", metadata: ["deep": deep, "long": "\(long)"])
        let object = try #require(sink.objects[0])
        #expect(object["long"] as? String == String(repeating: "é", count: JSONText.maximumStringLength) + "…")
        #expect(sink.lines[0].utf8.count < 40_000)
    }

    @Test func `the shared level filters, and moves at run time`() {
        let sink = CapturingSink()
        let level = LogThreshold(.warning)
        let logger = sink.logger(.json, level: level)
        var own = logger
        own.logLevel = .error
        logger.info("hidden")
        logger.warning("shown")
        level.level = .debug
        logger.debug("shown too")
        logger.trace("hidden")
        own.warning("hidden")
        own.error("own")
        #expect(sink.objects.map { $0?["message"] as? String } == ["shown", "shown too", "own"])
    }

    @Test func `a console line is one readable line`() {
        let sink = CapturingSink()
        sink.logger(.console).notice(
            "it\nhappened \u{1b}[31m", metadata: ["b": "two words", "a": "1", "q": "say \"x\"", "e": ""])
        #expect(
            sink.lines == [
                #"15:04:05.067 NOTICE   sluice.test it\nhappened \u{1b}[31m a=1 b="two words" e="" q="say \"x\"""#
                    + "\n"
            ])
    }

    @Test func `colours only on a terminal`() {
        let terminal = CapturingSink(isTerminal: true)
        terminal.logger(.console).error("m", metadata: ["k": "v"])
        #expect(terminal.lines[0].contains("\u{1b}[31mERROR"))
        terminal.logger(.json).error("m")
        #expect(!terminal.lines[1].contains("\u{1b}"))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `time is RFC 3339`(_ milliseconds: Int64, _ text: String) {
        #expect(LogTime.rfc3339(milliseconds) == text)
    }
}
