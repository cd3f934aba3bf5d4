import CoreMetrics
import JobFlow
package import Logging
import ServiceLifecycle

/// Sends spans to the collector: a batch when there is one, what there is every few seconds, and the rest at the end.
package struct TraceExporter: Service {
    package typealias Post = @Sendable (_ body: [UInt8]) async -> ExportReply
    package typealias Pause = @Sendable (Duration) async -> Void

    /// Spans wait for a batch to fill at most so long.
    static let period = Duration.seconds(5)
    /// A collector that is away holds up the end of the process for so long.
    static let lastWords = Duration.seconds(5)

    private let queue: SpanQueue
    private let encoding: OTLPTraces
    private let post: Post
    private let period: Duration
    private let lastWords: Pause
    private let pause: Pause
    private let logger: Logger
    private let sent = Counter(label: "sluice_trace_spans_total", dimensions: [("outcome", "sent")])
    private let refused = Counter(label: "sluice_trace_spans_total", dimensions: [("outcome", "refused")])

    /// - Parameters:
    ///   - post: sends one request body; ends soon when its task is cancelled.
    ///   - pause: waits before a batch is sent again; returns early when its task is cancelled.
    ///   - lastWords: waits as long as the flush at the end may take.
    package init(
        _ queue: SpanQueue, _ encoding: OTLPTraces, period: Duration = TraceExporter.period, logger: Logger,
        pause: @escaping Pause = { try? await Task.sleep(for: $0) },
        lastWords: @escaping Pause = { try? await Task.sleep(for: $0) }, post: @escaping Post
    ) {
        self.queue = queue
        self.encoding = encoding
        self.period = period
        self.logger = logger
        self.pause = pause
        self.lastWords = lastWords
        self.post = post
    }

    /// Returns after graceful shutdown, when what was left is sent or its time is up, or after cancellation.
    package func run() async throws {
        let state = ExportState()
        await withTaskGroup { group in
            group.addTask {
                await withGracefulShutdownHandler {
                    await sendForEver(state)
                } onGracefulShutdown: {
                    state.end()
                    queue.bell.raise()
                }
            }
            group.addTask {
                try? await gracefulShutdown()
                await lastWords(Self.lastWords)
            }
            await group.next()
            group.cancelAll()
        }
        let left = queue.count
        if left > 0 { refused.increment(by: left) }
    }

    private func sendForEver(_ state: ExportState) async {
        while !Task.isCancelled {
            let isLast = state.isEnding
            if !isLast { await queue.bell.sleep(atMost: period) }
            await sendAll(state)
            if isLast { return }
        }
    }

    /// All that is there now; what comes meanwhile waits for the next time, unless it fills a batch.
    private func sendAll(_ state: ExportState) async {
        while !Task.isCancelled, case let spans = queue.next, !spans.isEmpty {
            await send(spans, state)
            if queue.count < SpanQueue.batch, spans.count < SpanQueue.batch { return }
        }
    }

    private func send(_ spans: [TraceSpan], _ state: ExportState) async {
        let body = encoding.body(spans)
        var tried = 0
        while !Task.isCancelled {
            tried += 1
            switch ExportStep(after: await post(body), tried: tried) {
            case .done(let lost): return end(spans, refused: lost, state)
            case .again(let wait): await pause(wait)
            case .giveUp(let reason): return end(spans, refused: spans.count, state, because: reason)
            }
        }
    }

    private func end(_ spans: [TraceSpan], refused lost: Int, _ state: ExportState, because reason: String? = nil) {
        queue.remove(spans.count)
        sent.increment(by: max(0, spans.count - lost))
        refused.increment(by: min(lost, spans.count))
        guard state.changed(isWell: reason == nil) else { return }
        if let reason {
            logger.warning("traces cannot be exported", metadata: ["error": "\(reason)"])
        } else {
            logger.notice("traces are exported again")
        }
    }
}
