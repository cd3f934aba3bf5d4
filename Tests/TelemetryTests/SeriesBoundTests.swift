import CoreMetrics
import Testing

@testable import Telemetry

struct SeriesBoundTests {
    @Test(.timeLimit(.minutes(1)))
    func `past ten thousand series new labels share one, and a counter tells`() {
        let registry = PrometheusRegistry()
        for number in 0..<10_050 {
            Counter(label: "c_total", dimensions: [("id", "\(number)")], factory: registry).increment()
        }
        let lines = registry.render().split(separator: "\n")
        #expect(lines.contains("c_total{id=\"other\"} 50"))
        #expect(lines.contains("sluice_metrics_folded_total 50"))
        #expect(lines.count { $0.hasPrefix("c_total") } == 10_001)
        Counter(label: "c_total", dimensions: [("id", "5")], factory: registry).increment()
        #expect(registry.render().contains("c_total{id=\"5\"} 2\n"), "those that have a place keep it")
    }

    @Test(.timeLimit(.minutes(1)))
    func `past the bound new names are not shown, and are counted`() {
        let registry = PrometheusRegistry()
        for number in 0..<10_000 { registry.declare(.gauge, "g\(number)") }
        Counter(label: "late_total", factory: registry).increment()
        Recorder(label: "late", dimensions: [("a", "b")], factory: registry).record(1)
        let text = registry.render()
        #expect(!text.contains("late"))
        #expect(text.contains("sluice_metrics_folded_total 2\n"))
    }

    @Test func `a long label value is cut`() {
        let registry = PrometheusRegistry()
        let long = String(repeating: "x", count: 1_000)
        registry.declare(.gauge, "g", dimensions: [("k", long)])
        #expect(registry.render().contains("{k=\"\(long.prefix(256))\"}"))
    }
}
