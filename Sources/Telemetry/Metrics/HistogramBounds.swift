/// Upper bounds of histogram buckets.
enum HistogramBounds {
    /// Seconds, for latencies from a cache's millisecond to a long completion's five minutes.
    static let latency: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
    ]

    /// Growing, finite and each once; `latency` where nothing usable is given.
    static func valid(_ bounds: [Double]?) -> [Double] {
        let usable = Set((bounds ?? []).filter(\.isFinite)).sorted()
        return usable.isEmpty ? latency : usable
    }
}
