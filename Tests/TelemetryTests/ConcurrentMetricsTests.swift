import CoreMetrics
import Telemetry
import Testing

struct ConcurrentMetricsTests {
    @Test(.timeLimit(.minutes(5)))
    func `increments of many threads add up`() async {
        let registry = PrometheusRegistry(buckets: ["t_seconds": [1]])
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<2_000 {
                        Counter(label: "c_total", factory: registry).increment()
                        FloatingPointCounter(label: "f_total", factory: registry).increment(by: 0.5)
                        Meter(label: "m", factory: registry).increment()
                        Timer(label: "t", factory: registry).recordMilliseconds(500)
                    }
                    _ = registry.render()
                }
            }
        }
        let lines = registry.render().split(separator: "\n")
        for line in [
            "c_total 16000", "f_total 8000", "m 16000", "t_seconds_count 16000", "t_seconds_sum 8000",
            "t_seconds_bucket{le=\"1\"} 16000",
        ] {
            #expect(lines.contains(Substring(line)))
        }
    }
}
