import CoreMetrics
package import JobFlow
import Synchronization

/// Finished spans on their way to the collector. Never makes anybody wait: what finds no room is counted and dropped.
package final class SpanQueue: SpanSink {
    /// In one request.
    static let batch = 512
    /// Of a collector that is slow or away, so much is kept, which is about 10 MB.
    package static let room = 8192

    private let kept = Mutex<[TraceSpan]>([])
    private let room: Int
    private let dropped = Counter(label: "sluice_trace_spans_total", dimensions: [("outcome", "dropped")])
    /// Raised when there is a batch.
    let bell = Wakeup()

    package init(room: Int = SpanQueue.room) { self.room = room }

    package func take(_ spans: [TraceSpan]) {
        let (isBatch, lost) = kept.withLock { kept in
            let before = kept.count
            kept += spans.prefix(room - before)
            return (before < Self.batch && kept.count >= Self.batch, before + spans.count - kept.count)
        }
        if lost > 0 { dropped.increment(by: lost) }
        if isBatch { bell.raise() }
    }

    var count: Int { kept.withLock { $0.count } }

    /// The oldest. They stay until `remove`, and count as room that is taken.
    var next: [TraceSpan] { kept.withLock { Array($0.prefix(Self.batch)) } }

    func remove(_ count: Int) { kept.withLock { $0.removeFirst(min(count, $0.count)) } }
}
