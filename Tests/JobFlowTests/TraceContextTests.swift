import TestKit
import Testing

@testable import JobFlow

/// Against W3C Trace Context, Level 2, section 3.2.
@Suite struct TraceContextTests {
    private static let example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test(arguments: [("00", false), ("01", true), ("02", false), ("03", true)])
    func `what a client sent is passed on as it came`(flags: String, isSampled: Bool) throws {
        let text = Self.example.dropLast(2) + flags
        let context = try #require(TraceContext(traceparent: String(text), state: "a=1,b@c=2"))
        #expect(context.traceparent == text)
        #expect(context.isSampled == isSampled)
        #expect(context.state == "a=1,b@c=2")
        #expect(context.trace.hex == "0af7651916cd43dd8448eb211c80319c" && context.parent.hex == "b7ad6b7169203331")
    }

    @Test func `flags that mean nothing yet are not passed on, and a later version becomes ours`() throws {
        let later = try #require(
            TraceContext(traceparent: "cc" + Self.example.dropFirst(2).dropLast(2) + "ff-what-comes"))
        #expect(later.traceparent == Self.example.dropLast(2) + "03")
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "0é-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
    ])
    func `what is not valid is nobody's place`(text: String) { #expect(TraceContext(traceparent: text) == nil) }

    @Test(arguments: ["", "a=1\r\nx-evil: 1", "é=1", String(repeating: "a", count: 513)])
    func `a state that cannot be a header is left out`(state: String) throws {
        #expect(try #require(TraceContext(traceparent: Self.example, state: state)).state == nil)
    }

    @Test func `the trace of a job follows from its name, and no two of a batch share one`() {
        #expect(TraceID(of: Samples.id(1)) == TraceID(of: Samples.id(1)))
        var random = SeededGenerator(seed: 7)
        let batch = BatchID(.once, createdAt: Samples.start, random: &random)
        let lines = (1...1000).map { JobID(batch: batch, line: $0, partition: 0) }
        #expect(Set(lines.map { TraceID(of: $0) }).count == 1000)
        let spans = lines.flatMap { job in (0...3).map { SpanID(of: job, number: $0) } }
        #expect(Set(spans).count == 4000)
    }

    @Test func `as many traces are sampled as were asked for, and more of them include fewer`() {
        var random = SeededGenerator(seed: 8)
        let batch = BatchID(.once, createdAt: Samples.start, random: &random)
        let traces = (1...20_000).map { TraceID(of: JobID(batch: batch, line: $0, partition: 0)) }
        let tenth = traces.filter { $0.isSampled(0.1) }
        #expect((1800...2200).contains(tenth.count))
        #expect(tenth.allSatisfy { $0.isSampled(0.5) })
        #expect(traces.allSatisfy { $0.isSampled(1) && !$0.isSampled(0) })
    }

    @Test func `a job keeps its trace, and one without costs no byte`() throws {
        let plain = Samples.spec()
        var traced = plain
        traced.trace = TraceContext(traceparent: Self.example, state: "a=\"1\"")
        #expect(JobSpec(id: traced.id, meta: traced.encodedMeta, body: traced.body) == traced)
        #expect(!String(decoding: plain.encodedMeta, as: UTF8.self).contains("trace"))
        #expect(Prompt(spec: traced, attempt: 1).trace == traced.trace)
    }
}
