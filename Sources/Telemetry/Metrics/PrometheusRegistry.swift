package import CoreMetrics
import Synchronization

/// The metrics of this process, in Prometheus' text format 0.0.4. The executable gives it to `MetricsSystem.bootstrap`;
/// everybody else counts through swift-metrics.
///
/// A counter's name gets `_total`, a timer's `_seconds` where it is missing. The same name and labels always give the
/// same series, so objects may be made per use or kept; `destroy` takes the series away from everybody.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    /// What `render` is to be sent as.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let catalogue: Mutex<MetricCatalogue>

    /// `help`: a sentence for a metric, by its exposed name. `buckets`: upper bounds of a histogram, by its exposed
    /// name, in seconds for timers.
    package init(help: [String: String] = [:], buckets: [String: [Double]] = [:]) {
        catalogue = Mutex(MetricCatalogue(help: help, buckets: buckets))
    }

    /// Every series, sorted by name and labels.
    package func render() -> String {
        let families = catalogue.withLock { $0.families }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) { family.render(name, into: &text) }
        return text
    }

    /// Shows a series with 0 before its first use, so that a rate over it starts at zero and not at its first value.
    package func declare(_ kind: MetricKind, _ name: String, dimensions: [(String, String)] = []) {
        _ = series(kind, kind == .counter ? MetricName.counter(name) : MetricName.metric(name), dimensions)
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { counter(label, dimensions) }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(MetricName.metric(label), dimensions) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(MetricName.timer(label), dimensions)
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        guard case .counter(let series) = series(.counter, MetricName.counter(label), dimensions) else {
            return CounterSeries()
        }
        return series
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        guard case .gauge(let series) = series(.gauge, MetricName.metric(label), dimensions) else {
            return GaugeSeries()
        }
        return series
    }

    private func histogram(_ name: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        guard case .histogram(let series) = series(.histogram, name, dimensions) else {
            return HistogramSeries(bounds: HistogramBounds.latency)
        }
        return series
    }

    private func series(
        _ kind: MetricKind, _ name: String, _ dimensions: [(String, String)]
    ) -> MetricFamily.Series {
        let labels = LabelSet(dimensions)
        return catalogue.withLock { $0.series(kind, name, labels, dimensions) }
    }

    private func remove(_ handler: AnyObject) { catalogue.withLock { $0.remove(handler) } }
}
