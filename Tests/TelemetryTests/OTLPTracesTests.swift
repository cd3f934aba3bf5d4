import JobFlow
import TestKit
import Testing

@testable import Telemetry

@Suite struct OTLPTracesTests {
    @Test func `spans are written as OTLP's JSON wants them`() throws {
        let context = try #require(
            TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", state: "a=1"))
        var span = TraceSpan(
            "chat \"x\"", .client, in: context.trace, SpanID(of: Samples.id(), number: 2), parent: context.parent,
            state: context.state, from: Samples.start, to: Samples.start + .milliseconds(1500))
        span.add("text", "é\n")
        span.add("number", Int64.max)
        span.add("nothing", nil as String?)
        span.hasFailed = true
        let body = OTLPTraces(service: "sluice", version: "1.0", role: "worker", instance: "host-1").body([span, span])
        #expect(
            String(decoding: body, as: UTF8.self).hasPrefix(
                #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"sluice"}},"#
            ))
        let spans = try TraceExporterTests.spans(body)
        #expect(spans.count == 2)
        #expect(
            String(decoding: spans[0].raw, as: UTF8.self) == """
                {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"\(span.id.hex)",\
                "parentSpanId":"b7ad6b7169203331","traceState":"a=1","name":"chat \\"x\\"","kind":3,\
                "startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000001500000000",\
                "attributes":[{"key":"text","value":{"stringValue":"é\\n"}},\
                {"key":"number","value":{"intValue":"9223372036854775807"}}],"status":{"code":2}}
                """)
    }

    @Test func `no span ends before it begins`() {
        let span = TraceSpan(
            "s", .inside, in: TraceID(of: Samples.id()), SpanID(of: Samples.id(), number: 0), parent: nil,
            from: Samples.start, to: Samples.start + .seconds(-1))
        #expect(span.end == span.start)
    }

    @Test(
        arguments: [
            (.answered(status: 200), 1, .done(refused: 0)),
            (
                .answered(status: 200, body: Array(#"{"partialSuccess":{"rejectedSpans":"3"}}"#.utf8)), 1,
                .done(refused: 3)
            ),
            (
                .answered(status: 200, body: Array(#"{"partialSuccess":{"rejectedSpans":2}}"#.utf8)), 1,
                .done(refused: 2)
            ),
            (.answered(status: 200, body: [1, 2]), 1, .done(refused: 0)),
            (.answered(status: 429, retryAfter: .seconds(9)), 1, .again(after: .seconds(9))),
            (.answered(status: 503, retryAfter: .seconds(900)), 1, .again(after: .seconds(30))),
            (.answered(status: 502), 1, .again(after: .seconds(1))),
            (.answered(status: 504), 4, .again(after: .seconds(8))),
            (.answered(status: 503), 5, .giveUp("status 503")), (.answered(status: 400), 1, .giveUp("status 400")),
            (.answered(status: 500), 1, .giveUp("status 500")), (.unreachable("x"), 2, .again(after: .seconds(2))),
            (.unreachable("x"), 5, .giveUp("x")),
        ] as [(ExportReply, Int, ExportStep)])
    func `what becomes of a batch follows from the reply`(reply: ExportReply, tried: Int, step: ExportStep) {
        #expect(ExportStep(after: reply, tried: tried) == step)
    }
}
