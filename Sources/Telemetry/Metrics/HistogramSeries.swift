import CoreMetrics
import Synchronization

/// Counts observations by size. Fed by a timer, in nanoseconds, it holds seconds.
final class HistogramSeries: TimerHandler, RecorderHandler {
    struct Reading: Sendable, Equatable {
        /// One count a bound, and one for what is larger; not cumulative.
        var counts: [UInt64]
        var sum = 0.0
    }

    /// Upper bounds, growing.
    let bounds: [Double]
    private let state: Mutex<Reading>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(Reading(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(max(0, duration)) / 1e9) }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Buckets, sum and count of one moment.
    var reading: Reading { state.withLock { $0 } }

    func render(_ name: String, _ labels: LabelSet, into text: inout String) {
        let reading = reading
        var total: UInt64 = 0
        for (index, count) in reading.counts.enumerated() {
            total += count
            let bound = index < bounds.count ? SampleValue.text(bounds[index]) : "+Inf"
            text += "\(name)_bucket\(labels.braced(upTo: bound)) \(total)\n"
        }
        text += "\(name)_sum\(labels.braced) \(SampleValue.text(reading.sum))\n"
        text += "\(name)_count\(labels.braced) \(total)\n"
    }
}
