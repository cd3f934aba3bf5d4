import CoreMetrics
import Testing

@testable import Telemetry

struct ExpositionTests {
    /// The text without the registry's own counter.
    private func text(_ registry: PrometheusRegistry) -> String {
        registry.render().split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains(MetricCatalogue.foldedName) }.joined(separator: "\n")
    }

    @Test func `counters, one HELP and TYPE for all series, sorted`() {
        let registry = PrometheusRegistry(help: ["jobs_total": "Jobs that ended."])
        Counter(label: "jobs_total", dimensions: [("status", "failed"), ("queue", "b")], factory: registry).increment()
        Counter(label: "jobs_total", dimensions: [("queue", "a"), ("status", "ok")], factory: registry).increment(
            by: 41)
        Counter(label: "jobs_total", dimensions: [("status", "ok"), ("queue", "a")], factory: registry).increment()
        Counter(label: "apples", factory: registry).increment(by: 3)
        #expect(
            text(registry) == """
                # HELP apples_total apples total
                # TYPE apples_total counter
                apples_total 3
                # HELP jobs_total Jobs that ended.
                # TYPE jobs_total counter
                jobs_total{queue="a",status="ok"} 42
                jobs_total{queue="b",status="failed"} 1

                """)
    }

    @Test func `floating point counters share the series and ignore what is no increase`() {
        let registry = PrometheusRegistry()
        let counter = FloatingPointCounter(label: "cost_total", factory: registry)
        for amount in [0.5, 0.25, -1, .nan, .infinity] { counter.increment(by: amount) }
        Counter(label: "cost_total", factory: registry).increment(by: 2)
        Counter(label: "cost_total", factory: registry).increment(by: -2)
        #expect(text(registry).hasSuffix("\ncost_total 2.75\n"))
        counter.reset()
        #expect(text(registry).hasSuffix("\ncost_total 0\n"))
    }

    @Test func `gauges: meters, and recorders that do not aggregate`() {
        let registry = PrometheusRegistry()
        let meter = Meter(label: "inflight", factory: registry)
        meter.set(10)
        meter.increment(by: 2.5)
        meter.decrement()
        Gauge(label: "age_seconds", factory: registry).record(Double.infinity)
        Gauge(label: "ratio", factory: registry).record(1e-9)
        #expect(
            text(registry) == """
                # HELP age_seconds age seconds
                # TYPE age_seconds gauge
                age_seconds +Inf
                # HELP inflight inflight
                # TYPE inflight gauge
                inflight 11.5
                # HELP ratio ratio
                # TYPE ratio gauge
                ratio 1e-09

                """)
    }

    @Test func `a timer is a histogram of seconds with cumulative buckets`() {
        let registry = PrometheusRegistry(buckets: ["wait_seconds": [1, 0.1, 1, .nan]])
        let timer = Timer(label: "wait", dimensions: [("queue", "a")], factory: registry)
        for milliseconds in [50, 100, 101, 5_000] { timer.recordMilliseconds(milliseconds) }
        #expect(
            text(registry) == """
                # HELP wait_seconds wait seconds
                # TYPE wait_seconds histogram
                wait_seconds_bucket{queue="a",le="0.1"} 2
                wait_seconds_bucket{queue="a",le="1"} 3
                wait_seconds_bucket{queue="a",le="+Inf"} 4
                wait_seconds_sum{queue="a"} 5.251
                wait_seconds_count{queue="a"} 4

                """)
    }

    @Test func `a recorder is a histogram of what it is given`() {
        let registry = PrometheusRegistry(buckets: ["rows": [10]])
        let recorder = Recorder(label: "rows", factory: registry)
        recorder.record(3)
        recorder.record(30.5)
        recorder.record(Double.nan)
        #expect(
            text(registry) == """
                # HELP rows rows
                # TYPE rows histogram
                rows_bucket{le="10"} 1
                rows_bucket{le="+Inf"} 2
                rows_sum 33.5
                rows_count 2

                """)
    }

    @Test func `default buckets reach from a millisecond to five minutes`() {
        let registry = PrometheusRegistry()
        registry.declare(.histogram, "call_seconds")
        #expect(text(registry).contains("call_seconds_bucket{le=\"0.001\"} 0\n"))
        #expect(text(registry).contains("call_seconds_bucket{le=\"300\"} 0\n"))
    }

    @Test func `names, labels and help are made fit for the format`() {
        let registry = PrometheusRegistry(help: ["_1_http_ü_requests_total": "x"])
        Counter(label: "http.server", dimensions: [("a.b", "1"), ("a_b", "2"), ("le", "x")], factory: registry)
            .increment()
        Counter(label: "9lives", dimensions: [("v", "q\"b\\s\nn")], factory: registry).increment()
        Counter(label: "", factory: registry).increment()
        let text = text(registry)
        #expect(text.contains(#"http_server_total{a_b="2",exported_le="x"} 1"#))
        #expect(text.contains(#"_9lives_total{v="q\"b\\s\nn"} 1"#))
        #expect(text.contains("\n__total 1\n"))
        let helped = PrometheusRegistry(help: ["a_total": "one\\two\nthree"])
        helped.declare(.counter, "a_total")
        #expect(helped.render().contains(#"# HELP a_total one\\two\nthree"#))
    }

    @Test func `a declared series shows with zero, destroyed ones are gone`() {
        let registry = PrometheusRegistry()
        registry.declare(.counter, "a_total", dimensions: [("k", "v")])
        registry.declare(.gauge, "b")
        #expect(text(registry).contains("a_total{k=\"v\"} 0\n"))
        #expect(text(registry).contains("b 0\n"))
        Counter(label: "a_total", dimensions: [("k", "v")], factory: registry).destroy()
        Meter(label: "b", factory: registry).destroy()
        #expect(text(registry) == "")
    }

    @Test func `a name keeps its first kind`() {
        let registry = PrometheusRegistry()
        Meter(label: "x", factory: registry).set(5)
        Recorder(label: "x", factory: registry).record(7)
        #expect(text(registry).hasSuffix("# TYPE x gauge\nx 5\n"))
        #expect(registry.render().contains("sluice_metrics_folded_total 1\n"))
    }
}
