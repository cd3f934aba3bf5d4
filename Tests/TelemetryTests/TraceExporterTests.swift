import JobFlow
import Logging
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import Telemetry

@Suite(.timeLimit(.minutes(5))) struct TraceExporterTests {
    private let queue = SpanQueue()
    private let collector = ScriptedCollector()

    private func span(_ number: Int) -> TraceSpan {
        let id = Samples.id(number)
        return TraceSpan(
            "s\(number)", .client, in: TraceID(of: id), SpanID(of: id, number: 0), parent: nil, from: Samples.start,
            to: Samples.start)
    }

    private func exporter(
        period: Duration = .seconds(3600), lastWords: @escaping TraceExporter.Pause = { _ in await Wakeup().sleep() }
    ) -> TraceExporter {
        TraceExporter(
            queue, OTLPTraces(service: "sluice", version: "1", role: "worker", instance: "w"), period: period,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            pause: { [collector] in collector.paused($0) }, lastWords: lastWords
        ) { [collector] in await collector.post($0) }
    }

    private func names(_ bodies: [[UInt8]]) throws -> [Int] { try bodies.map { try Self.spans($0).count } }

    static func spans(_ body: [UInt8]) throws -> [JSONObject] {
        let resource = try JSONObject(parsing: body)["resourceSpans"]?.array?.first?.object
        let scope = resource?["scopeSpans"]?.array?.first?.object
        return try #require(scope?["spans"]?.array).compactMap(\.object)
    }

    @Test func `a full batch goes at once, and the rest when the process ends`() async throws {
        try await testGracefulShutdown { trigger in
            async let running: Void = exporter().run()
            queue.take((0..<600).map(span))
            try await eventually { collector.bodies.count == 2 }
            queue.take([span(601)])
            trigger.triggerGracefulShutdown()
            try await running
        }
        #expect(try names(collector.bodies) == [512, 88, 1])
        #expect(queue.count == 0)
    }

    @Test func `what does not fill a batch goes when the time is up`() async throws {
        try await testGracefulShutdown { trigger in
            async let running: Void = exporter(period: .milliseconds(1)).run()
            queue.take([span(1)])
            try await eventually { collector.bodies.count == 1 }
            trigger.triggerGracefulShutdown()
            try await running
        }
        #expect(try names(collector.bodies) == [1])
    }

    @Test func `a collector that is busy is asked again, as late as it wants`() async throws {
        collector.script([
            .answered(status: 429, retryAfter: .seconds(7)), .answered(status: 503), .unreachable("connection refused"),
        ])
        try await runOnce { queue.take([span(1)]) }
        #expect(collector.pauses == [.seconds(7), .seconds(2), .seconds(4)])
        #expect(collector.bodies.count == 4 && Set(collector.bodies).count == 1 && queue.count == 0)
    }

    @Test func `a collector that refuses is not asked again, and the next batch is sent`() async throws {
        collector.script([.answered(status: 400)])
        try await runOnce { queue.take((0..<513).map(span)) }
        #expect(try names(collector.bodies) == [512, 1])
        #expect(collector.pauses.isEmpty)
    }

    @Test func `a collector that is away is given up after some tries`() async throws {
        collector.script(Array(repeating: .unreachable("timed out"), count: ExportStep.tries))
        try await runOnce { queue.take([span(1)]) }
        #expect(collector.bodies.count == ExportStep.tries && queue.count == 0)
    }

    @Test func `the end of the process waits for a collector that does not answer only so long`() async throws {
        collector.hang()
        try await testGracefulShutdown { trigger in
            let patience = Mutex<Duration?>(nil)
            async let running: Void = exporter(lastWords: { wait in patience.withLock { $0 = wait } }).run()
            queue.take((0..<512).map(span))
            try await eventually { !collector.bodies.isEmpty }
            trigger.triggerGracefulShutdown()
            try await running
            #expect(patience.withLock { $0 } == .seconds(5))
        }
    }

    @Test func `a queue without room drops what comes, and never waits`() {
        let queue = SpanQueue(room: 3)
        queue.take([span(1), span(2)])
        queue.take([span(3), span(4)])
        queue.take([span(5)])
        #expect(queue.next.map(\.name) == ["s1", "s2", "s3"])
        queue.remove(2)
        queue.take([span(6)])
        #expect(queue.next.map(\.name) == ["s3", "s6"])
    }

    /// Runs an exporter that is asked to stop at once: it sends what there is, and ends.
    private func runOnce(_ fill: () -> Void) async throws {
        fill()
        try await testGracefulShutdown { trigger in
            trigger.triggerGracefulShutdown()
            try await exporter().run()
        }
    }
}

/// Answers as the test says, and then with 200.
private final class ScriptedCollector: Sendable {
    private struct State {
        var replies: [ExportReply] = []
        var hangs = false
        var bodies: [[UInt8]] = []
        var pauses: [Duration] = []
    }

    private let state = Mutex(State())

    var bodies: [[UInt8]] { state.withLock { $0.bodies } }
    var pauses: [Duration] { state.withLock { $0.pauses } }

    func script(_ replies: [ExportReply]) { state.withLock { $0.replies = replies } }
    func hang() { state.withLock { $0.hangs = true } }
    func paused(_ time: Duration) { state.withLock { $0.pauses.append(time) } }

    func post(_ body: [UInt8]) async -> ExportReply {
        let (reply, hangs) = state.withLock { state in
            state.bodies.append(body)
            return (state.replies.isEmpty ? .answered(status: 200) : state.replies.removeFirst(), state.hangs)
        }
        guard hangs else { return reply }
        await Wakeup().sleep()
        return .unreachable("cancelled")
    }
}
