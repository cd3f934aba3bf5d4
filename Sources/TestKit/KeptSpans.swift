package import JobFlow
import Synchronization

/// Keeps every span that it is told.
package final class KeptSpans: SpanSink {
    private let kept = Mutex<[TraceSpan]>([])

    package init() {}

    package var all: [TraceSpan] { kept.withLock { $0 } }

    package func take(_ spans: [TraceSpan]) { kept.withLock { $0 += spans } }
}
